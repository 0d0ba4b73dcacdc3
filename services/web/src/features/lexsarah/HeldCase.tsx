import { Link } from "react-router";
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Held, List } from "../../api/model";
import { ApiError } from "../../api/problems";
import { dateLong, t } from "../../i18n";
import { Alert, Empty, Failed, Page, Skeleton, Tag } from "../../ui";
import { useHeld } from "./useLex";

const numbers = (held: Held) => [held.entry_no, held.own_dnr].filter(Boolean).join(" · ") || held.reference;

/** A case that is not to be found may be one that lex Sarah has: then its number is all there is to see of it. */
export function HeldCase({ id }: { id: string }) {
  const held = useHeld(id);
  if (held.isPending) {
    return (
      <Page title="Ärende">
        <Skeleton rows={4} />
      </Page>
    );
  }
  if (!held.data) {
    const missing = held.error instanceof ApiError;
    return (
      <Page title={missing ? t("error.not_found_title") : "Ärende"} narrow>
        {missing ? <p>{t("error.not_found")}</p> : <Failed what="Ärendet" retry={() => void held.refetch()} />}
      </Page>
    );
  }
  return (
    <Page
      title={`Ärende ${numbers(held.data)}`}
      lead={held.data.unit_name}
      aside={<Tag tone="danger">Hos lex Sarah-ansvarig</Tag>}
      narrow
    >
      <Alert tone="info" title="Ärendet finns hos lex Sarah-ansvarig">
        <p>
          Det lämnades över {dateLong(held.data.held_at)}. Du ser att ärendet tas om hand, men inte vad som står i det
          medan det utreds. När det är klart får verksamheten det tillbaka för uppföljning.
        </p>
        {!held.data.taken && <p>Ingen är lex Sarah-ansvarig här just nu. Säg till din förvaltning.</p>}
      </Alert>
    </Page>
  );
}

/** The cases one had that are with lex Sarah now. */
export function HeldList() {
  const list = useQuery({ queryKey: ["list-held"], queryFn: () => get<List<Held>>("/lex/held") });
  const rows = list.data?.items ?? [];
  return (
    <Page title="Hos lex Sarah" lead="Ärenden som har lämnats till lex Sarah-ansvarig. Här finns bara numret.">
      {list.isPending && <Skeleton />}
      {list.error && <Failed what="Listan" retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <section className="ly-card">
          <Empty icon="calm" title="Inga ärenden" />
        </section>
      )}
      {rows.length > 0 && (
        <section className="ly-card">
          <ul className="lex-held">
            {rows.map((row) => (
              <li key={row.id}>
                <Link className="ly-num" to={`/arenden/${row.id}`}>
                  {numbers(row)}
                </Link>
                <span className="ly-muted">
                  {[row.unit_name, `överlämnat ${dateLong(row.held_at)}`].filter(Boolean).join(" · ")}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}
