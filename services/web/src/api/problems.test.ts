import { expect, test } from "vitest";
import { ApiError, explain, fieldErrors, NetworkError } from "./problems";

test("field errors land on their fields", () => {
  const error = new ApiError(422, {
    errors: [
      { pointer: "/contact/email", text: "E-postadressen ser inte rätt ut" },
      { pointer: "#/measures/0/title", text: "Skriv vad som ska göras" },
      { param: "limit", text: "Högst 200" },
    ],
  });
  expect(fieldErrors(error)).toEqual({
    "contact.email": "E-postadressen ser inte rätt ut",
    "measures.0.title": "Skriv vad som ska göras",
    limit: "Högst 200",
  });
});

test("the server's sentence wins, but never in a fault of its own", () => {
  expect(explain(new ApiError(409, { detail: "Ärendet är avslutat." }))).toBe("Ärendet är avslutat.");
  expect(explain(new ApiError(500, { detail: "panic: nil", instance: "a1b2" }))).toContain("Felkod a1b2");
  expect(explain(new ApiError(500, { detail: "panic: nil" }))).not.toContain("panic");
  expect(explain(new ApiError(404, {}))).toContain("finns inte");
  expect(explain(new NetworkError("x"))).toContain("Det du skrivit finns kvar");
});
