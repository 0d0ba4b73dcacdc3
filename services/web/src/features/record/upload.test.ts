import { describe, expect, it } from "vitest";
import { sending, size } from "./upload";

describe("a file on its way", () => {
  it("has a key of its own, so that a second try is not a second file", () => {
    const file = new File(["x"], "brev.txt");
    expect(sending(file).key).not.toBe(sending(file).key);
    expect(sending(file).name).toBe("brev.txt");
  });

  it("has a size that people can read", () => {
    expect(size(10)).toBe("1 kB");
    expect(size(200_000)).toBe("195 kB");
    expect(size(25 * 1024 * 1024)).toBe("25,0 MB");
  });
});
