// The report on a phone: its own small page, so that it opens at once and never loads the office app.
import "../../public/static/ds.css";
import "./report.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { NetworkError } from "../api/problems";
import { Toasts } from "../ui";
import { ReportApp } from "./ReportApp";

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: (count, error) => error instanceof NetworkError && count < 2 },
  },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Toasts>
          <ReportApp />
        </Toasts>
      </QueryClientProvider>
    </StrictMode>,
  );
}
