// The report on a phone: its own small page, so that it opens at once and never loads the office app.
import "../../public/static/ds.css";
import "./report.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ReportApp } from "./ReportApp";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ReportApp />
    </StrictMode>,
  );
}
