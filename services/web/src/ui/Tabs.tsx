import { Link, NavLink } from "react-router";

/** Tabs that are links: each has its own address. */
export function Tabs({ label, items }: { label: string; items: readonly TabItem[] }) {
  return (
    <nav className="ly-tabs" aria-label={label}>
      {items.map((item) => {
        const content = (
          <>
            {item.label}
            {item.count !== undefined && <span className="ly-count">{item.count}</span>}
          </>
        );
        return item.to.startsWith("?") ? (
          <Link key={item.to} to={item.to} aria-current={item.current} aria-keyshortcuts={item.keys}>
            {content}
          </Link>
        ) : (
          <NavLink key={item.to} to={item.to} end={item.end ?? false} aria-keyshortcuts={item.keys}>
            {content}
          </NavLink>
        );
      })}
    </nav>
  );
}
export type TabItem = {
  to: string;
  label: string;
  count?: number | undefined;
  end?: boolean;
  /** Set when the address alone does not tell which tab is open (filters in the query). */
  current?: "page" | undefined;
  keys?: string;
};
