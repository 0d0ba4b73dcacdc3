// A task's group on the page, and the place where it is done.
import type { Task } from "../../api/model";

export const groups = ["late", "today", "later"] as const;
export type Group = (typeof groups)[number];

export function groupOf(task: Pick<Task, "late" | "today">): Group {
  if (task.late) return "late";
  return task.today ? "today" : "later";
}

export function placeOf(task: Pick<Task, "place" | "case_id">): string {
  switch (task.place) {
    case "desk":
      return `/registrera/${task.case_id}`;
    case "consultations":
      return "/att-bedoma";
    case "measures":
      return "/atgarder";
    case "mine":
      return "/mina-rapporter";
    default:
      return `/arenden/${task.case_id}`;
  }
}
