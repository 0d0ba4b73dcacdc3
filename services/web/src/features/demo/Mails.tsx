import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { DemoMail, List } from "../../api/model";
import { dateTime } from "../../i18n";
import { Details, Empty, Failed, Page, Skeleton } from "../../ui";

/** The mails that the demonstration has sent, so that one can see that they hold no content. */
export function Mails() {
  const list = useQuery({ queryKey: ["list-demo-mails"], queryFn: () => get<List<DemoMail>>("/demo/mails") });
  return (
    <Page
      title="Utskickade mejl"
      lead="Bara i demonstrationen. Mejlen säger att det finns något att läsa, aldrig vad."
      narrow
    >
      {list.isPending && <Skeleton />}
      {list.error && <Failed what="Mejlen" retry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && <Empty icon="send" title="Inga mejl än" />}
      <div className="ly-stack ly-stack-s">
        {list.data?.items.map((mail) => (
          <section key={mail.id} className="ly-card">
            <p className="ly-muted ly-small">
              Till {mail.to} · {dateTime(mail.sent_at)}
            </p>
            <Details summary={mail.subject}>
              <p className="ly-pre">{mail.body}</p>
            </Details>
          </section>
        ))}
      </div>
    </Page>
  );
}
