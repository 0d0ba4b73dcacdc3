// The API's shapes by the names the screens use. The shapes themselves are generated from openapi.json
// (npm run gen:api); that document does not say that an object may be missing, so it is said here.
import type { components } from "./schema";

type Schemas = components["schemas"];
/** A list is never missing, only empty; the document cannot say so. */
type Lists<Shape> = {
  [Name in keyof Shape]: Extract<Shape[Name], unknown[]> extends never
    ? Shape[Name]
    : NonNullable<Shape[Name]>;
};
type Maybe<Shape, Name extends keyof Shape> = Omit<Shape, Name> & { [N in Name]: Shape[N] | null };

export type Named = Schemas["CaseworkRef"];
export type Session = Lists<Schemas["IdentitySession"]>;
export type DemoGroup = Lists<Schemas["IdentityDemoGroup"]>;

export type Code = Schemas["OrgCode"];
export type Codes = Schemas["OrgCodes"];
export type Unit = Maybe<Schemas["OrgUnit"], "manager">;
export type Person = Schemas["OrgPerson"];
export type Draft = Schemas["CaseworkDraft"];

/** A page of a list; without a cursor it is the last one, or the only one. */
export type List<Row> = { items: Row[]; next_cursor?: string | null };

export type Receipt = Schemas["CaseworkReceiptBody"];
export type MyReport = Lists<Schemas["CaseworkOwnReport"]>;

export type Action = Schemas["CaseworkAction"];
export type Day = Lists<Schemas["CaseworkDay"]>;
export type Task = Schemas["CaseworkTask"];
export type RoutineView = Lists<Schemas["OrgRoutineView"]> & { versions: RoutineVersion[]; rules: Rules };
export type RoutineVersion = Lists<Schemas["OrgRoutineVersion"]>;
export type Rules = Schemas["TenantsRules"];
export type Simulation = Omit<Lists<Schemas["CaseworkSimulation"]>, "kinds"> & {
  kinds: Lists<Schemas["CaseworkDifference"]>[];
};
export type CaseRow = Schemas["CaseworkCaseRow"];
export type CaseList = Lists<Schemas["CaseworkList"]>;
export type Queue = Lists<Schemas["CaseworkQueue"]>;
export type Cause = Lists<Schemas["CaseworkCauseView"]>;
export type Measure = Lists<Schemas["CaseworkMeasureView"]>;
type Template = Omit<Schemas["CaseworkTemplateView"], "sections"> & {
  sections: Schemas["CaseworkSectionView"][];
};
export type CourseEntry = Schemas["CaseworkEntryView"];
export type Risk = Schemas["CaseworkRisk"];
export type Investigation = Omit<Lists<Schemas["CaseworkInvestigationView"]>, "template"> & {
  template: Template;
};
export type SimilarCase = Omit<Lists<Schemas["CaseworkSimilarCase"]>, "measures"> & {
  measures: Schemas["CaseworkSimilarMeasure"][];
};
export type ConsultationRow = Schemas["CaseworkOpenConsultation"];
export type Reading = Schemas["AuditReading"];
export type LogState = Schemas["AuditState"];
export type LogSample = Schemas["AuditSample"];
export type LogPiece = Lists<Schemas["AuditPiece"]>;
export type Client = Schemas["IdentityClient"];
export type NewClient = Schemas["CreateClientOutBody"];
export type History = Lists<Schemas["CaseworkHistory"]>;

type Report = Maybe<Schemas["CaseworkReportView"], "contact">;
type Proposal = Maybe<Lists<Schemas["CaseworkRegistrationProposal"]>, "handler">;
type Optional =
  | "unit"
  | "reported_unit"
  | "reporter"
  | "handler"
  | "investigator"
  | "superior"
  | "consultation"
  | "investigation";
export type Case = Omit<
  Maybe<Lists<Schemas["CaseworkCaseView"]>, Optional>,
  "report" | "registration_proposal" | "measures" | "red_thread" | "causes" | "investigation"
> & {
  causes: Cause[];
  investigation: Investigation | null;
  measures: Measure[];
  red_thread: Lists<Schemas["CaseworkThreadView"]>[];
  report: Report;
  registration_proposal: Proposal | null;
};

export type LexRow = Schemas["LexsarahRow"];
export type LexList = Lists<Schemas["LexsarahList"]>;
export type LexItem = Lists<Schemas["LexsarahItem"]>;
export type LexTrack = Omit<Lists<Schemas["LexsarahView"]>, "items"> & { items: LexItem[] };
export type LexInvestigator = Schemas["LexsarahPerson"];
export type Held = Schemas["LexsarahStub"];

export type RecordView = Lists<Schemas["RecordView"]>;
export type RecordList = { items: RecordView[]; kinds: Schemas["RecordSort"][] };
export type EntryRow = Schemas["RegisterLine"];
export type PublicEntry = Schemas["RegisterPublicLine"];
export type RegisterExtract = Lists<Schemas["RegisterExtract"]>;
export type RegisterFile = Schemas["RegisterFile"];

export type SpcData = Lists<Schemas["InsightSPC"]>;
type District = Omit<Lists<Schemas["InsightDistrict"]>, "spc"> & { spc: SpcData | null };
type Heat = Omit<Lists<Schemas["InsightHeat"]>, "cells"> & { cells: (number | null)[][] };
export type City = Omit<Lists<Schemas["InsightCity"]>, "spc" | "heat" | "districts" | "totals"> & {
  totals: Lists<Schemas["InsightTotals"]>;
  spc: SpcData | null;
  heat: Heat | null;
  districts: District[];
};

/** What is sent. */
export type ReportBody = Schemas["CaseworkReportBody"];
export type TakeDownBody = Schemas["CaseworkTakeDownBody"];
export type RegisterBody = Schemas["CaseworkRegisterBody"];
export type InvestigationBody = Schemas["CaseworkInvestigationBody"];
