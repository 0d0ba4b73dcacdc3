import { useEffect, useRef } from "react";
import { t } from "../i18n";

let firstPage = true;

/** The title in the browser's tab, and focus to the heading when the page is another one. */
export function useHeading(title: string, page = title, back = false) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – ${t("app.name")}`;
  }, [title]);
  useEffect(() => {
    // At the first page the browser's own reading order is right; afterwards we are the browser.
    if (!firstPage) {
      heading.current?.focus({ preventScroll: back });
      if (!back) window.scrollTo(0, 0);
    }
    firstPage = false;
  }, [page, back]);
  return heading;
}
