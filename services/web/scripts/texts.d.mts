/** Words of a file that belong in locales/. */
export function wordsOf(name: string, content: string): { text: string; from: number; to: number }[];
