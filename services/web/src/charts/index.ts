export { type Bar, Bars } from "./Bars";
export { Figure, Protected, type Twin } from "./Figure";
export { Heat } from "./Heat";
export { describe, type Phase, type Point, pointWords, type Rule, type Series } from "./series";
export { Spc, SpcLegend } from "./Spc";
