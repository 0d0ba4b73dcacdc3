// The menu is made of what a person may do, so that nobody sees a door that is locked for her.
import type { Session } from "../api/model";
import { type Key, t } from "../i18n";
import type { IconName } from "../ui";

export type MenuItem = { path: string; label: string; icon: IconName };

/** The report form is a small page of its own, so that it opens at once on a phone. */
export const reportPath = "/rapportera";

type Entry = { path: string; label: Key; icon: IconName; shown: (may: May, roles: string[]) => boolean };
type May = (permission: string) => boolean;

const manages = (may: May) => may("case:assess");

// The day is the first page of those who have no list of their own; who has a desk or an inbox finds it second.
const listed = (may: May) => may("register:queue") || may("case:list") || may("city:read");

const entries: Entry[] = [
  { path: "/min-dag", label: "menu.day", icon: "clock", shown: (may) => may("day:read") && !listed(may) },
  { path: "/staden", label: "menu.city", icon: "chart", shown: (may) => may("city:read") },
  { path: "/lex-sarah", label: "menu.lex", icon: "lock", shown: (may) => may("lex:list") },
  { path: "/registrera", label: "menu.desk", icon: "pen", shown: (may) => may("register:queue") },
  {
    path: "/att-bedoma",
    label: "menu.consultations",
    icon: "people",
    shown: (may, roles) => may("consultation:list") && roles.includes("avdelningschef"),
  },
  { path: "/inkorg", label: "menu.inbox", icon: "inbox", shown: (may) => manages(may) },
  {
    path: "/att-bedoma",
    label: "menu.consultations",
    icon: "people",
    shown: (may, roles) => may("consultation:list") && !roles.includes("avdelningschef"),
  },
  {
    path: "/utredningar",
    label: "menu.investigations",
    icon: "search",
    shown: (may) => may("investigation:save") && !manages(may),
  },
  {
    path: "/arenden",
    label: "menu.cases",
    icon: "file",
    shown: (may) => may("case:list") && !manages(may) && !may("investigation:save"),
  },
  { path: "/min-dag", label: "menu.day", icon: "clock", shown: (may) => may("day:read") && listed(may) },
  { path: "/atgarder", label: "menu.measures", icon: "flag", shown: (may) => may("measure:list") },
  { path: "/diarium", label: "menu.register", icon: "book", shown: (may) => may("register:list") },
  {
    path: "/hos-lex-sarah",
    label: "menu.held",
    icon: "lock",
    shown: (may) => may("lex:list-held") && may("case:history"),
  },
  { path: "/rutin", label: "menu.routine", icon: "flag", shown: (may) => may("routine:read") },
  { path: "/ta-emot", label: "menu.take_down", icon: "chat", shown: (may) => may("register:queue") },
  { path: "/granskning", label: "menu.log", icon: "search", shown: (may) => may("log:sample") },
  { path: "/system", label: "menu.clients", icon: "lock", shown: (may) => may("client:list") },
  { path: reportPath, label: "menu.report", icon: "pen", shown: (may) => may("case:report") },
  { path: "/mina-rapporter", label: "menu.mine", icon: "file", shown: (may) => may("case:list-own") },
];

export function menuOf(session: Session): MenuItem[] {
  const permissions = new Set(session.permissions);
  const may: May = (permission) => permissions.has(permission);
  // Who handles no cases is here to report, and finds that first.
  const reporting = [reportPath, "/mina-rapporter"];
  const office = may("case:list") || may("lex:list") || may("log:sample") || may("client:list");
  const first = (entry: Entry) => !office && reporting.includes(entry.path);
  return entries
    .filter((entry) => entry.shown(may, session.roles))
    .sort((a, b) => Number(first(b)) - Number(first(a)))
    .map(({ path, label, icon }) => ({ path, label: t(label), icon }));
}

const roleNames: Record<string, Key> = {
  medarbetare: "role.medarbetare",
  registrator: "role.registrator",
  chef: "role.chef",
  utredare: "role.utredare",
  avdelningschef: "role.avdelningschef",
  kanslisekreterare: "role.kanslisekreterare",
  verksamhetsutvecklare: "role.verksamhetsutvecklare",
  lex_ansvarig: "role.lex_ansvarig",
  lex_utredare: "role.lex_utredare",
  mas: "role.mas",
  arkivarie: "role.arkivarie",
  granskare: "role.granskare",
  tenant_admin: "role.tenant_admin",
  slk: "role.slk",
  operator: "role.operator",
};

export const roleName = (role: string) => {
  const key = roleNames[role];
  return key ? t(key) : role;
};
