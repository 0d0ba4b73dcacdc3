// The papers of a case: what was drawn up, what came in, to whom it was sent.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { address, get, post } from "../../api/client";
import type { Case, RecordList, RecordView } from "../../api/model";
import { ApiError, explain } from "../../api/problems";
import { useSession } from "../../app/session";
import { t } from "../../i18n";
import { Alert, Button, type Column, Details, Empty, Failed, Skeleton, Table, Tag, useToast } from "../../ui";
import { DispatchDialog } from "./DispatchDialog";
import { DrawDialog } from "./DrawDialog";
import { size } from "./upload";
import { UploadBox } from "./UploadBox";
import "./record.css";

const recordsKey = (id: string) => ["list-records", id];

export function RecordsTab({ item }: { item: Case }) {
  const queries = useQueryClient();
  const { may } = useSession();
  const [open, setOpen] = useState<"draw" | RecordView>();
  const list = useQuery({
    queryKey: recordsKey(item.id),
    queryFn: () => get<RecordList>("/cases/{id}/records", { path: { id: item.id } }),
    retry: false,
    refetchInterval: (query) => (query.state.data?.items.some(unfinished) ? 2000 : false),
  });
  const refresh = () => {
    void queries.invalidateQueries({ queryKey: recordsKey(item.id) });
    void queries.invalidateQueries({ queryKey: ["get-case", item.id] });
  };
  if (list.error instanceof ApiError && list.error.status === 403) {
    return (
      <Alert tone="info" title={t("record.inte_din")}>
        <p>{t("record.inte_din_text")}</p>
      </Alert>
    );
  }
  const kinds = list.data?.kinds ?? [];
  return (
    <section className="ly-card ly-stack">
      <h2>{t("record.handlingar")}</h2>
      {list.isPending && <Skeleton />}
      {list.error && <Failed what={t("record.handlingarna")} retry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <Empty icon="file" title={t("record.inga")}>
          <p>{t("record.inga_text")}</p>
        </Empty>
      )}
      {list.data && list.data.items.length > 0 && (
        <Table
          caption={t("record.handlingar")}
          columns={columns(item.id, setOpen, refresh)}
          rows={list.data.items}
          rowKey={(row) => row.id}
        />
      )}
      {kinds.length > 0 && may("record:draw-up") && (
        <div className="ly-actions">
          <Button icon="pen" onClick={() => setOpen("draw")}>
            {t("record.uppratta")}
          </Button>
        </div>
      )}
      {list.data && may("record:upload") && <UploadBox caseId={item.id} done={refresh} />}
      {open === "draw" && (
        <DrawDialog caseId={item.id} kinds={kinds} done={refresh} onClose={() => setOpen(undefined)} />
      )}
      {open && open !== "draw" && (
        <DispatchDialog caseId={item.id} record={open} done={refresh} onClose={() => setOpen(undefined)} />
      )}
    </section>
  );
}

const unfinished = (row: RecordView) => row.state === "SKRIVS" || (row.state === "KARANTAN" && !row.can_scan);

function columns(caseId: string, send: (row: RecordView) => void, refresh: () => void): Column<RecordView>[] {
  return [
    {
      id: "what",
      title: t("record.handling"),
      head: true,
      wide: true,
      cell: (row) => (
        <>
          {row.label}
          <small className="ly-muted record-no">
            {row.entry_no ?? t("record.oregistrerad")}
            {row.version > 1 && ` · ${t("record.version", { n: row.version })}`}
          </small>
        </>
      ),
    },
    {
      id: "way",
      title: t("record.riktning"),
      label: t("record.riktning"),
      cell: (row) => (row.direction === "INKOMMEN" ? t("record.inkommen") : t("record.upprattad")),
    },
    { id: "on", title: t("record.datum"), label: t("record.datum"), num: true, cell: (row) => row.on },
    {
      id: "state",
      title: t("record.lage"),
      label: t("record.lage"),
      cell: (row) => <StateOf row={row} />,
    },
    {
      id: "files",
      title: t("record.filer"),
      label: t("record.filer"),
      cell: (row) => <Files caseId={caseId} row={row} send={send} refresh={refresh} />,
    },
  ];
}

function StateOf({ row }: { row: RecordView }) {
  const tone = row.state === "SMITTAD" ? "danger" : row.state === "KLAR" ? "ok" : "warn";
  return (
    <>
      <Tag tone={tone}>{row.state_text}</Tag>
      {row.dispatches.map((one) => (
        <small key={`${one.sent_on}${one.way}${one.to}`} className="ly-muted record-no">
          {t("record.skickad", { way: one.way_text, to: one.to, on: one.sent_on })}
        </small>
      ))}
    </>
  );
}

const formats: Record<string, string> = {
  PDF: "PDF",
  DOCX: t("record.word"),
  ORIGINAL: t("record.original"),
  DELAD: t("record.delad"),
};

type FilesProps = {
  caseId: string;
  row: RecordView;
  send: (row: RecordView) => void;
  refresh: () => void;
};

function Files({ caseId, row, send, refresh }: FilesProps) {
  const { may } = useSession();
  const newest = row.files.filter((file) => file.version === row.version);
  const older = row.files.filter((file) => file.version !== row.version);
  return (
    <div className="record-files">
      {row.state === "KLAR" && may("record:open") && <Links caseId={caseId} files={newest} />}
      {row.state !== "KLAR" && newest[0] && row.direction === "INKOMMEN" && <span>{newest[0].name}</span>}
      {row.can_scan && may("record:upload") && <ScanAgain caseId={caseId} row={row} refresh={refresh} />}
      {row.can_dispatch && may("record:dispatch") && (
        <Button variant="tertiary" icon="send" onClick={() => send(row)}>
          {t("record.anteckna_skickad")}
        </Button>
      )}
      {older.length > 0 && row.state === "KLAR" && (
        <Details summary={t("record.tidigare")}>
          <Links caseId={caseId} files={older} />
        </Details>
      )}
    </div>
  );
}

function Links({ caseId, files }: { caseId: string; files: RecordView["files"] }) {
  return (
    <>
      {files.map((file) => (
        <a
          key={file.id}
          className="ds-link"
          href={address("/cases/{id}/records/files/{file_id}", { id: caseId, file_id: file.id })}
          download={file.name}
        >
          {file.format === "ORIGINAL" ? file.name : formats[file.format]}{" "}
          <span className="ly-muted">
            ({file.version > 1 ? `${t("record.version", { n: file.version })}, ` : ""}
            {size(file.size)})
          </span>
        </a>
      ))}
    </>
  );
}

function ScanAgain({ caseId, row, refresh }: Omit<FilesProps, "send">) {
  const say = useToast();
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    try {
      await post("/cases/{id}/records/{record_id}/scan", { path: { id: caseId, record_id: row.id } });
    } catch (error) {
      say(explain(error));
    }
    setBusy(false);
    refresh();
  };
  return (
    <Button variant="tertiary" busy={busy} onClick={() => void ask()}>
      {t("record.kontrollera_igen")}
    </Button>
  );
}
