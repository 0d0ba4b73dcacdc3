import { type ReactNode, useEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";
import { t } from "../i18n";

type PageProps = {
  title: string;
  lead?: ReactNode;
  /** Stands at the end of the heading's line. */
  aside?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
};

/** One page: its title in the tab, its heading with focus after a change of page. */
export function Page({ title, lead, aside, narrow, children }: PageProps) {
  const heading = usePageHeading(title);
  return (
    <div className={narrow ? "ly-page-narrow" : "ly-page"}>
      <div className="ly-pagehead">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p className="ly-lead">{lead}</p>}
        </div>
        {aside && <div className="ly-row">{aside}</div>}
      </div>
      {children}
    </div>
  );
}

let firstPage = true;

export function usePageHeading(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const how = useNavigationType();
  useEffect(() => {
    document.title = `${title} – ${t("app.name")}`;
  }, [title]);
  useEffect(() => {
    // At the first page the browser's own reading order is right; afterwards we are the browser.
    if (!firstPage) heading.current?.focus({ preventScroll: how === "POP" });
    if (!firstPage && how !== "POP") window.scrollTo(0, 0);
    firstPage = false;
  }, [pathname, how]);
  return heading;
}
