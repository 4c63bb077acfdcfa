/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * discover.c - finds this machine's queues in its configuration
 *
 * Owns nothing.  The discover.c of each server reads its configuration and
 * plans queues; planned.c gives each its directories and its name.
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "mail/planned.h"
#include "mta/discover.h"
#include "mta/mailscanner/discover.h"
#include "mta/sendmail/discover.h"
#include "mta/sendmail/sendmail.h"

/* A default directory, only if there is one. */
static int
discover_default(const struct rooted *r, struct planned *p, const char *path,
    enum queue_role role, enum planned_claim claim)
{
	struct buf whole = BUF_INIT;
	struct planned_queue *q;
	struct stat st;
	bool there;
	int rc = rooted_path(r, path, &whole);

	if (rc == 0) {
		there = stat(buf_str(&whole), &st) == 0 || errno != ENOENT;
		q = there ? planned_new(p, NULL, role, claim, "default") : NULL;
		if (there)
			rc = q != NULL ? planned_add_path(q, r, path) :
					 rooted_oom(r);
	}
	buf_free(&whole);
	return rc;
}

int
discover_queues(struct queue_list *list, const char *root, struct buf *why)
{
	static const char *const main_cf[] = { "/etc/mail/sendmail.cf",
		"/etc/sendmail.cf", NULL };
	static const char *const submit_cf[] = { "/etc/mail/submit.cf", NULL };
	const struct rooted r = { root, why };
	struct planned p = PLANNED_INIT;
	bool incoming, outgoing;
	int rc;

	p.mta = &sendmail_mta;
	rc = mailscanner_discover(&r, &p, &incoming, &outgoing);

	if (rc == 0 && !incoming)
		rc = discover_default(&r, &p, "/var/spool/mqueue.in", QUEUE_IN,
		    PLANNED_INCOMING);
	if (rc == 0) {
		rc = sendmail_discover(&r, main_cf, QUEUE_OUT, &p);
		if (rc == 0 && !outgoing)
			rc = discover_default(&r, &p, "/var/spool/mqueue",
			    QUEUE_OUT, PLANNED_BASE);
	}
	if (rc >= 0)
		rc = sendmail_discover(&r, submit_cf, QUEUE_CLIENT, &p);
	if (rc >= 0)
		rc = planned_commit(&p, &r, list);
	planned_free(&p);
	return rc < 0 ? -1 : 0;
}
