// Own drawings on a 24-unit grid, 2-unit strokes. Decorative: the word stands beside.
const drawings = {
  check: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 7v5.5l3.5 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  alert:
    "M12 8.5v5M12 17v.01M10.4 3.9 2.7 17.6A1.9 1.9 0 0 0 4.3 20.5h15.4a1.9 1.9 0 0 0 1.6-2.9L13.6 3.9a1.9 1.9 0 0 0-3.2 0z",
  info: "M12 11v6M12 7.5v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  next: "M9 5l7 7-7 7",
  back: "M15 5l-7 7 7 7",
  down: "M5 9l7 7 7-7",
  up: "M5 15l7-7 7 7",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.2 16.2 21 21",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.7 3.8-5.5 7.5-5.5s6.7 1.8 7.5 5.5",
  people:
    "M9 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.6-3.3 3.2-5 6.5-5s5.9 1.7 6.5 5M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.9c2 .7 3.2 2.3 3.6 4.6",
  house: "M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-5h4v5",
  inbox: "M4 13l2.5-8h11L20 13v6H4zM4 13h4.5l1.5 2.5h4l1.5-2.5H20",
  pen: "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
  send: "M4 12l16-7-6 15-3-6.5zM11 13.5L20 5",
  file: "M6 3.5h8l4 4v13H6zM14 3.5v4h4M9 12h6M9 16h6",
  book: "M5 4.5h13v15H6.5A1.5 1.5 0 0 1 5 18zM5 18a1.5 1.5 0 0 1 1.5-1.5H18M9 8.5h5",
  chart: "M4 4v16h16M8 15.5l3.5-4 3 2.5L20 8",
  print: "M7 9V4h10v5M7 17H4.5v-7.5h15V17H17M7 14h10v6H7z",
  filter: "M4 6h16M7 12h10M10 18h4",
  plus: "M12 5v14M5 12h14",
  swap: "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4",
  exit: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  key: "M14.5 12.5a5 5 0 1 0-4.2-2.3L3.5 17v3.5H7V18h2.5v-2.5H12l.8-3.2z",
  chat: "M4 5h16v11H11l-4.5 4v-4H4z",
  flag: "M6 21V4h12l-2.5 4L18 12H6",
  pause: "M8 5v14M16 5v14",
  keyboard: "M3 6.5h18v11H3zM7 10h.01M11 10h.01M15 10h.01M17.5 10h.01M8 14h8",
  external: "M13 4h7v7M20 4l-9 9M10 5H5v14h14v-5",
  calm: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14c1 1.3 2.1 2 3.5 2s2.5-.7 3.5-2M9 10v.01M15 10v.01",
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="ly-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={drawings[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** An ear and a wave: the one who listens. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#fff" />
      <path
        d="M9 7v18h14"
        fill="none"
        stroke="#12304d"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M15.5 18.5a6 6 0 0 0 0-9M19.5 20.5a10 10 0 0 0 0-13"
        fill="none"
        stroke="#2f73b3"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}
