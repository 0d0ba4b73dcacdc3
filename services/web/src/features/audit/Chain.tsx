import { useMutation } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { LogPiece } from "../../api/model";
import { explain } from "../../api/problems";
import { t } from "../../i18n";
import { Alert, Button } from "../../ui";
import { save } from "./words";

/** Fetches the whole trail, block by block, and saves it for the verifier. */
export function Chain() {
  const fetchAll = useMutation({
    mutationFn: async () => {
      const lines: string[] = [];
      let after: number | null = 0;
      while (after !== null) {
        const piece: LogPiece = await get<LogPiece>("/log/chain", { query: { after } });
        for (const line of piece.lines) lines.push(JSON.stringify(line));
        after = piece.next ?? null;
      }
      save("laslogg.jsonl", `${lines.join("\n")}\n`, "application/x-ndjson");
    },
  });
  return (
    <div className="ly-stack">
      {fetchAll.error && <Alert tone="danger">{explain(fetchAll.error)}</Alert>}
      <div>
        <Button busy={fetchAll.isPending} onClick={() => fetchAll.mutate()}>
          {t("audit.hamta_loggen")}
        </Button>
      </div>
    </div>
  );
}
