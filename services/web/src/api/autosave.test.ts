import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAutosave, type SaveState } from "./autosave";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function saver(save: (text: string) => Promise<void>) {
  const states: SaveState["state"][] = [];
  return { states, auto: createAutosave(save, 2_000, 5_000, (next) => states.push(next.state)) };
}

test("saves once, after two seconds of rest, what was typed last", async () => {
  const saved: string[] = [];
  const { auto, states } = saver(async (text) => void saved.push(text));
  auto.change("K");
  await vi.advanceTimersByTimeAsync(1_500);
  auto.change("Kv");
  await vi.advanceTimersByTimeAsync(1_500);
  expect(saved).toEqual([]);
  await vi.advanceTimersByTimeAsync(500);
  expect(saved).toEqual(["Kv"]);
  expect(states).toEqual(["saving", "saved"]);
});

test("keeps the text of a failed save and tries again", async () => {
  const saved: string[] = [];
  let down = true;
  const { auto, states } = saver(async (text) => {
    if (down) throw new Error("no net");
    saved.push(text);
  });
  auto.change("Kvällsdosen");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(states.at(-1)).toBe("failed");
  expect(auto.pending).toBe(true);
  down = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(saved).toEqual(["Kvällsdosen"]);
  expect(auto.pending).toBe(false);
});

test("what is typed during a failing save wins over what failed", async () => {
  const saved: string[] = [];
  let fail: (reason: Error) => void = () => undefined;
  let first = true;
  const { auto } = saver((text) => {
    if (!first) {
      saved.push(text);
      return Promise.resolve();
    }
    first = false;
    return new Promise((_, reject) => {
      fail = reject;
    });
  });
  auto.change("gammalt");
  await vi.advanceTimersByTimeAsync(2_000);
  auto.change("nytt");
  fail(new Error("no net"));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(saved).toEqual(["nytt"]);
});

test("forgets what waits once it has been sent", async () => {
  const saved: string[] = [];
  const { auto } = saver(async (text) => void saved.push(text));
  auto.change("skickat");
  auto.drop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(saved).toEqual([]);
});
