// The shapes of the API that the screens use, by name. What the server really publishes is
// openapi.json; contract.test.ts compares the addresses used here with it.

export type Named = { id: string; name: string };
export type Tenant = { slug: string; name: string; kind?: string; city?: string };

export type Session = {
  person: Named & { title?: string | null };
  tenant: Tenant & { id: string };
  tenants: Tenant[] | null;
  roles: string[];
  units: (Named & { role: string })[] | null;
  permissions: string[];
  home_unit_id: string | null;
  expires_at: string;
  demo: boolean;
};

export type DemoGroup = {
  tenant: Tenant;
  logins: { login: string; name: string; title?: string | null; role: string }[];
};
export type DemoMail = { id: string; to: string; subject: string; sent_at: string; body: string };

export type Code = { code: string; label: string; parent?: string | null; help?: string; off?: boolean };
export type Codes = {
  lists: Record<string, Code[] | undefined>;
  quick_categories: Code[] | null;
  state_labels?: Record<string, string>;
};
export type Unit = Named & {
  kind?: string;
  area?: string | null;
  path?: string[] | null;
  manager?: Named | null;
  in_sight?: boolean;
};
export type Person = Named & { title?: string | null; unit_name?: string | null };

export type List<Row> = { items: Row[]; next_cursor?: string | null };

export type Draft<Body> = { form: string; body: Body; version: number | string; updated_at: string };

export type Receipt = {
  id: string;
  reference: string;
  received_at: string;
  unit_name: string | null;
  manager_name: string | null;
  serious: boolean;
  receipt_code: string | null;
  answer_by: string;
  register_by: string;
};

export type MyReport = {
  id: string;
  reference: string;
  received_at: string;
  first_words: string;
  unit_name: string | null;
  state: string;
  state_text: string;
  feedback: { at: string; text: string }[] | null;
};

export type CaseRow = {
  id: string;
  reference: string;
  entry_no: string | null;
  own_dnr: string | null;
  subject: string | null;
  case_type: string | null;
  channel: string;
  unit_name: string | null;
  category: string | null;
  harm: string;
  risk_value: number | null;
  state: string;
  state_text: string;
  due_on: string | null;
  due_text: string | null;
  late: boolean;
  handler_name: string | null;
  received_at: string;
  complexity: string;
};
export type CaseList = List<CaseRow> & { counts: Record<string, number>; total: number | null };
export type Queue = List<CaseRow> & { total: number; registered_today: number };

export type Action = {
  act: string;
  label: string;
  allowed: boolean;
  reason: string | null;
  primary: boolean;
};

export type Investigation = {
  version: number;
  background: string | null;
  course: string | null;
  causes_text: string | null;
  conclusion: string | null;
  actual_severity: number | null;
  severity: number | null;
  probability: number | null;
  severity_after: number | null;
  probability_after: number | null;
  completed_at: string | null;
  updated_at: string | null;
  updated_by_name: string | null;
};

export type Cause = { id: string; area: string; underlying: string | null; text: string };
export type Measure = {
  id: string;
  version: number;
  case_id: string;
  title: string;
  cause_id: string | null;
  kind: string;
  strength: string;
  owner: Named | null;
  due_on: string;
  status: string;
  affects_individual: boolean;
  done_on: string | null;
  follow_up_method: string | null;
  effect: string | null;
  effect_note: string | null;
  late: boolean;
  due_text: string;
  actions: Action[] | null;
};
export type MeasureRow = Measure & {
  case_reference?: string;
  case_subject?: string | null;
  unit_name?: string | null;
};

export type Message = {
  id: string;
  at: string;
  direction: string;
  kind: string;
  author_name: string | null;
  body: string;
};

export type Consultation = {
  id: string;
  question: string;
  asked_at: string;
  asked_by: Named;
  superior: Named;
  decided_at: string | null;
  decision: string | null;
  motivation: string | null;
};
export type ConsultationRow = {
  id: string;
  case_id: string;
  version: number;
  reference: string;
  entry_no: string | null;
  subject: string | null;
  unit_name: string | null;
  asked_by_name: string;
  asked_at: string;
  question: string;
  due_text: string | null;
};

export type Proposal = {
  file_title: string;
  case_type: string;
  subject_suggestions: string[] | null;
  secrecy_law: string;
  secrecy_authority: string;
  handler: Named | null;
  handler_reason: string;
  possible_duplicates:
    { id: string; reference: string; entry_no: string | null; received_at: string; why: string }[] | null;
};

export type Contact = {
  name?: string | null;
  phone?: string | null;
  email?: string | null;
  address?: string | null;
};

export type Case = {
  id: string;
  version: number;
  reference: string;
  entry_no: string | null;
  own_dnr: string | null;
  state: string;
  state_text: string;
  case_type: string | null;
  synpunkt_kind: string | null;
  channel: string;
  sender_role: string;
  anonymous: boolean;
  wants_reply: string;
  concerns: string | null;
  unit: Named | null;
  reported_unit: Named | null;
  area: string | null;
  regi: string | null;
  lagrum: string[] | null;
  category: string | null;
  category_hsl: string | null;
  harm: string;
  severity: number | null;
  probability: number | null;
  risk_value: number | null;
  secrecy: { level: string; law: string | null; on: string | null; authority: string | null } | null;
  subject: string | null;
  complexity: string;
  response_level: string | null;
  outcome: string | null;
  quality_dims: string[] | null;
  affects_individual: boolean | null;
  individual_informed: boolean | null;
  personakt: string | null;
  unmet_need: boolean;
  about_manager: boolean;
  reporter: Named | null;
  handler: Named | null;
  investigator: Named | null;
  superior: Named | null;
  happened_at: string | null;
  received_at: string;
  registered_at: string | null;
  assigned_at: string | null;
  answered_at: string | null;
  closed_at: string | null;
  due_on: string | null;
  due_text: string | null;
  late: boolean;
  report: {
    narrative: string;
    place: string | null;
    direct_measure: string | null;
    people: string | null;
    on_behalf_of: string | null;
    note: string | null;
    contact: Contact | null;
  };
  consultation: Consultation | null;
  investigation: Investigation | null;
  causes: Cause[] | null;
  measures: Measure[] | null;
  feedbacks:
    | { id: string; given_on: string; method: string; note: string | null; given_by_name: string | null }[]
    | null;
  messages: Message[] | null;
  similar: { count: number; window_months: number } | null;
  red_thread: { cause_id: string; measures: string[] | null; ok: boolean; missing: string | null }[] | null;
  readers_count: number | null;
  registration_proposal: Proposal | null;
  actions: Action[] | null;
};

export type History = {
  items: { at: string; text: string; actor_name: string | null; kind: string; note: string | null }[];
  reads: { at: string; actor_name: string | null; action: string }[] | null;
};

export type EntryRow = {
  id: string;
  case_id: string;
  entry_no: string;
  own_dnr: string | null;
  entry_on: string;
  direction: string;
  sender: string | null;
  subject: string;
  secrecy_law: string | null;
  secrecy_on: string | null;
  secrecy_authority: string | null;
  registered_at: string;
  voided: boolean;
};
export type PublicEntry = {
  entry_no: string;
  entry_on: string;
  direction: string;
  sender: string | null;
  subject: string;
};
export type RegisterFile = {
  id: string;
  kind: string;
  year: number;
  dnr: string;
  title: string;
  entries: number;
};

export type SpcData = {
  kind: string;
  points: { x: string; y: number | null; rule?: string; incomplete?: boolean }[] | null;
  phases:
    | {
        from: string;
        to: string;
        mean: number | null;
        ucl: number | null;
        lcl: number | null;
        reason?: string;
      }[]
    | null;
  summary: string;
  description: string;
  hidden: number;
  signals: number;
};
export type City = {
  city: string;
  months: string[];
  incomplete_month: string;
  updated_at: string;
  totals: { series: (number | null)[] };
  spc: SpcData | null;
  districts: { slug: string; name: string; series: (number | null)[]; spc: SpcData | null }[] | null;
  heat: {
    from: string;
    to: string;
    rows: { slug: string; name: string }[];
    cols: { code: string; label: string }[];
    cells: (number | null)[][];
    row_totals: (number | null)[];
    col_totals: (number | null)[];
    total: number | null;
  } | null;
  categories: { code: string; label: string; n: number | null }[] | null;
  sentences: string[] | null;
  protected_note: string;
};
