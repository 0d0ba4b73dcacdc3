// Saves what is typed after a moment's rest, one save at a time, and tries again when it fails.
// What is typed stays in the page whatever happens to the net.
import { useCallback, useEffect, useRef, useState } from "react";

export type SaveState = { state: "idle" | "saving" | "saved" | "failed"; at?: Date };

type Save<Value> = (value: Value) => Promise<void>;

/** The part without React, so that it can be tested with a clock of its own. */
export function createAutosave<Value>(
  save: Save<Value>,
  rest: number,
  retry: number,
  tell: (state: SaveState) => void,
) {
  let waiting: { value: Value } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;

  const later = (delay: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delay);
  };
  const run = async () => {
    const next = waiting;
    if (!next) return;
    waiting = undefined;
    tell({ state: "saving" });
    try {
      await save(next.value);
      if (!waiting) tell({ state: "saved", at: new Date() });
    } catch {
      // A newer text wins over the one that failed.
      waiting ??= next;
      tell({ state: "failed" });
      later(retry);
    }
  };
  /** Saves at once what waits; a save under way is waited for first. */
  const flush = async (): Promise<boolean> => {
    clearTimeout(timer);
    await running;
    running = run();
    await running;
    running = undefined;
    return waiting === undefined;
  };
  return {
    change(value: Value) {
      waiting = { value };
      later(rest);
    },
    flush,
    /** Forgets what waits, for example because it has been sent. */
    drop() {
      clearTimeout(timer);
      waiting = undefined;
    },
    get pending() {
      return waiting !== undefined;
    },
  };
}

const restBefore = 2_000;
const retryAfter = 5_000;

export function useAutosave<Value>(save: Save<Value>) {
  const [state, setState] = useState<SaveState>({ state: "idle" });
  const latest = useRef(save);
  latest.current = save;
  const [saver] = useState(() =>
    createAutosave<Value>((value) => latest.current(value), restBefore, retryAfter, setState),
  );

  useEffect(() => {
    const flush = () => {
      if (saver.pending) void saver.flush();
    };
    const hold = (event: BeforeUnloadEvent) => {
      if (saver.pending) event.preventDefault();
    };
    window.addEventListener("online", flush);
    document.addEventListener("visibilitychange", flush);
    window.addEventListener("beforeunload", hold);
    return () => {
      window.removeEventListener("online", flush);
      document.removeEventListener("visibilitychange", flush);
      window.removeEventListener("beforeunload", hold);
      flush();
    };
  }, [saver]);

  const change = useCallback((value: Value) => saver.change(value), [saver]);
  return { state, change, flush: saver.flush, drop: saver.drop };
}
