export { Button, Keys } from "./Button";
export { ButtonLink } from "./ButtonLink";
export { Dialog } from "./Dialog";
export { ErrorSummary, type FieldErrors } from "./ErrorSummary";
export { Check, Chips, Field, type Option, Radios, SelectField, Textarea } from "./Field";
export { Icon, type IconName, Mark } from "./Icon";
export { isTyping, type ListKeys, setSingleKeys, singleKeysOn, useListKeys, useShortcuts } from "./keyboard";
export { Menu } from "./Menu";
export { Page } from "./Page";
export {
  Alert,
  Details,
  Due,
  Empty,
  type FactRow,
  Facts,
  Failed,
  NextStep,
  type Refusal,
  Skeleton,
  type Step,
  Steps,
  Tag,
  Timeline,
  type Tone,
} from "./parts";
export { type Column, Pager, type Sorting, Table } from "./Table";
export { Saved } from "./Saved";
export { type TabItem, Tabs } from "./Tabs";
export { Toasts, useToast } from "./Toast";
export { useHeading } from "./useHeading";
