// Keys. Single keys act only while a list has focus and can be switched off (WCAG 2.1.4); everything
// else needs a modifier.
import { type KeyboardEvent as ReactKeyboardEvent, useCallback, useEffect, useRef, useState } from "react";

let singleKeys = true;
export const singleKeysOn = () => singleKeys;
export const setSingleKeys = (on: boolean) => {
  singleKeys = on;
};

const modifiers = [
  ["Control", "ctrlKey"],
  ["Alt", "altKey"],
  ["Shift", "shiftKey"],
  ["Meta", "metaKey"],
] as const;

/** "Control+Enter" or "Alt+Shift+F", in the notation of aria-keyshortcuts. */
export function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split("+");
  const key = parts.at(-1) ?? "";
  // A sign such as "?" needs Shift on some keyboards and not on others.
  const sign = key.length === 1 && !/[a-z0-9]/i.test(key);
  const held = modifiers.filter(([name]) => !(sign && name === "Shift"));
  if (!held.every(([name, flag]) => event[flag] === parts.includes(name))) return false;
  // With Alt some keyboards write another letter; the physical key is still the same one.
  return (
    event.key.toLowerCase() === key.toLowerCase() ||
    event.code === `Key${key.toUpperCase()}` ||
    event.code === `Digit${key}`
  );
}

/** Shortcuts of a page. Later pages win over the shell because they listen first. */
export function useShortcuts(shortcuts: Record<string, (() => void) | undefined>) {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      for (const [keys, act] of Object.entries(latest.current)) {
        if (!act || !matches(event, keys)) continue;
        if (!keys.includes("+") && (!singleKeys || isTyping(event.target))) continue;
        event.preventDefault();
        act();
        return;
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

export const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

type ListActs = {
  count: number;
  open?: (index: number) => void;
  peek?: (index: number) => void;
  mark?: (index: number) => void;
  keys?: Record<string, (index: number) => void>;
};

type RowProps = {
  tabIndex: number;
  ref: (row: HTMLElement | null) => void;
  onFocus: () => void;
};

export type ListKeys = {
  active: number;
  list: { onKeyDown: (event: ReactKeyboardEvent) => void };
  row: (index: number) => RowProps;
  focus: (index: number) => void;
};

/** Arrow keys or j/k walk the rows, Enter opens, Space peeks, x marks. The list is one tab stop. */
export function useListKeys({ count, open, peek, mark, keys = {} }: ListActs): ListKeys {
  const [active, setActive] = useState(0);
  const rows = useRef<(HTMLElement | null)[]>([]);
  const focus = useCallback((index: number) => rows.current[index]?.focus(), []);

  const onKeyDown = (event: ReactKeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const single = singleKeysOn();
    const onRow = rows.current.includes(event.target as HTMLElement);
    const go = (index: number) => focus(Math.max(0, Math.min(count - 1, index)));
    const act: Record<string, (() => void) | undefined> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      Home: () => go(0),
      End: () => go(count - 1),
      Enter: onRow && open ? () => open(active) : undefined,
      " ": onRow && peek ? () => peek(active) : undefined,
    };
    if (single) {
      act.j = act.ArrowDown;
      act.k = act.ArrowUp;
      if (mark) act.x = () => mark(active);
      for (const [key, run] of Object.entries(keys)) act[key] = () => run(active);
    }
    const run = act[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  };

  return {
    active,
    focus,
    list: { onKeyDown },
    row: (index) => ({
      tabIndex: index === Math.min(active, count - 1) ? 0 : -1,
      ref: (row) => {
        rows.current[index] = row;
      },
      onFocus: () => setActive(index),
    }),
  };
}
