// What a small page needs from the server, fetched once at a time; the office app has a cache for that instead.
import { useCallback, useEffect, useState } from "react";
import { NetworkError } from "./problems";

export type Fetched<Data> = {
  data: Data | undefined;
  error: unknown;
  /** Neither an answer nor an error yet. */
  isPending: boolean;
  refetch: () => void;
  set: (data: Data) => void;
};

const attempts = 3;

async function stubborn<Data>(fetchIt: () => Promise<Data>): Promise<Data> {
  for (let left = attempts - 1; ; left--) {
    try {
      return await fetchIt();
    } catch (error) {
      if (left === 0 || !(error instanceof NetworkError)) throw error;
    }
  }
}

/** Fetches when the page opens and whenever the key is another one. An answer that comes too late is forgotten. */
export function useFetched<Data>(key: string | number, fetchIt: () => Promise<Data>): Fetched<Data> {
  const [state, setState] = useState<{ key: typeof key; data?: Data; error?: unknown }>({ key });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    setState({ key });
    stubborn(fetchIt).then(
      (data) => wanted && setState({ key, data }),
      (error: unknown) => wanted && setState({ key, error }),
    );
    return () => {
      wanted = false;
    };
    // The key says what is fetched; the function is a new one at every turn.
  }, [key, round]);
  const refetch = useCallback(() => setRound((before) => before + 1), []);
  const set = useCallback((data: Data) => setState({ key, data }), [key]);
  const now = state.key === key ? state : { key };
  const { data, error } = now as { data?: Data; error?: unknown };
  return { data, error, isPending: data === undefined && error === undefined, refetch, set };
}
