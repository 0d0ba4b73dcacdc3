// Drafts on the server: only the writer sees them, and they follow her from one device to another.
import { get, put, remove } from "./client";
import type { Draft } from "./model";
import { ApiError } from "./problems";

export async function loadDraft(form: string): Promise<Draft | null> {
  const draft = await get<Draft>("/drafts/{form}", { path: { form } });
  return draft.version === 0 ? null : draft;
}

export const saveDraft = async (form: string, body: object): Promise<void> => {
  await put("/drafts/{form}", { path: { form }, body: { body } });
};

/** The draft has become a report, or is not wanted any more. That it may be gone already is no fault. */
export async function discardDraft(form: string): Promise<void> {
  try {
    await remove("/drafts/{form}", { path: { form } });
  } catch (error) {
    if (!(error instanceof ApiError && error.notFound)) throw error;
  }
}
