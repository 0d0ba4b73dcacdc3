import { describe, expect, it } from "vitest";
import { wayOf } from "./words";

const names = (item: Parameters<typeof wayOf>[0]) => wayOf(item).map((step) => step.name);

describe("the way of a case", () => {
  it("leaves out an investigation and measures that there were none of", () => {
    const item = { state: "dispatching", response_level: "ENKELT_SVAR", measures: [] } as never;
    expect(names(item)).not.toContain("Utredning");
    expect(names(item)).not.toContain("Åtgärder");
    expect(wayOf(item).find((step) => step.current)?.name).toBe("Svar");
  });
  it("keeps what is still ahead, and what was done", () => {
    expect(names({ state: "assessing", response_level: null, measures: [] } as never)).toContain("Utredning");
    const done = { state: "closed", response_level: "UTREDNING", measures: [{}] } as never;
    expect(wayOf(done).every((step) => step.done)).toBe(true);
    expect(names(done)).toContain("Åtgärder");
  });
  it("has no steps for a case that has left it", () => {
    expect(names({ state: "void", response_level: null, measures: [] } as never)).toEqual([]);
  });
});
