// Sends a file and tells how far it has come; fetch cannot. What went wrong is said, and the same key makes a second try
// safe: the server takes a file with a known key once.
import { address, newKey } from "../../api/client";
import { ApiError, NetworkError, type Problem } from "../../api/problems";

export const mostBytes = 25 * 1024 * 1024;
export const endings = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.odt,.txt,.mp4,.m4a";

export type Sending = {
  key: string;
  name: string;
  file: File;
  /** Share that has been sent, 0 to 1. */
  share: number;
  error?: unknown;
};

export const sending = (file: File): Sending => ({ key: newKey(), name: file.name, file, share: 0 });

export function upload(caseId: string, one: Sending, progress: (share: number) => void): Promise<void> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", address("/cases/{id}/records/upload", { id: caseId }));
    request.setRequestHeader("Idempotency-Key", one.key);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader(
      "Content-Disposition",
      `attachment; filename*=UTF-8''${encodeURIComponent(one.name).replace(/['()*]/g, escaped)}`,
    );
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.onerror = () => failed(new NetworkError("no answer"));
    request.onload = () => {
      if (request.status < 300) return done();
      failed(new ApiError(request.status, problem(request.responseText)));
    };
    request.send(one.file);
  });
}

const escaped = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;

function problem(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}

/** A size as people say it. */
export function size(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${(bytes / (1024 * 1024)).toFixed(1).replace(".", ",")} MB`;
  return `${Math.max(1, Math.round(bytes / 1024))} kB`;
}
