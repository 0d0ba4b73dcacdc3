// One thing sent at a time, for pages that must stay small: whether it is under way, and what went wrong the last time.
import { useRef, useState } from "react";

export function useSending<Input, Answer>(
  act: (input: Input) => Promise<Answer>,
  done: (answer: Answer) => void,
) {
  const [error, setError] = useState<unknown>();
  const [isPending, setPending] = useState(false);
  const under = useRef(false);

  /** Answers with what went wrong, if anything did. A second call while the first is under way does nothing. */
  const mutate = async (input: Input): Promise<unknown> => {
    if (under.current) return undefined;
    under.current = true;
    setPending(true);
    setError(undefined);
    try {
      done(await act(input));
      return undefined;
    } catch (problem) {
      setError(problem);
      return problem;
    } finally {
      under.current = false;
      setPending(false);
    }
  };
  return { mutate, isPending, error };
}
