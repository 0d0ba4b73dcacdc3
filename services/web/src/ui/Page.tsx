import type { ReactNode } from "react";
import { useLocation, useNavigationType } from "react-router";
import { useHeading } from "./useHeading";

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

/** The heading of a page of the router. */
function usePageHeading(title: string) {
  const { pathname } = useLocation();
  const how = useNavigationType();
  return useHeading(title, pathname, how === "POP");
}
