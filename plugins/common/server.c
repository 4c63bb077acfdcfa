/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * server.c - the report of another server, fetched and checked
 *
 * Only a whole and recent report is taken: a server that can't be asked must
 * not look like one with empty queues.
 */
#include "base/clean.h"
#include "base/cli.h"
#include "base/num.h"
#include "plugins/common/option.h"
#include "plugins/common/server.h"
#include "report/read.h"

#define SERVER_SHOWN 200

int
server_parse(struct server *s, const char *option, const char *text,
    struct buf *why)
{
	const char *reason;

	if (net_parse_peer(&s->peer, text, REPORT_PORT, &reason) != 0)
		return cli_bad_value(why, option, text, reason);
	s->name = text;
	return 0;
}

/* "mx1:5119: report cut: its end is missing" */
static int
server_fail(const struct server *s, enum report_fault fault, const char *text,
    struct buf *why)
{
	clean_adds(why, s->name, SERVER_SHOWN);
	buf_addf(why, ": report %s: ", report_fault_name(fault));
	/* The other texts are our own. */
	if (fault == REPORT_FAILED)
		clean_adds(why, text, SERVER_SHOWN);
	else
		buf_adds(why, text);
	return -1;
}

/* Says how old a report is that is too old, or of the future. */
static int
server_fail_time(const struct server *s, enum report_fault fault, int64_t age,
    int64_t stale, struct buf *why)
{
	struct buf text = BUF_INIT;

	if (fault == REPORT_FUTURE) {
		buf_adds(&text, "it was made in ");
		num_add_duration(&text, -age);
		buf_adds(&text, "; compare the clocks");
	} else {
		buf_adds(&text, "it was made ");
		num_add_duration(&text, age);
		buf_adds(&text, " ago, which is over ");
		num_add_duration(&text, stale);
	}
	server_fail(s, fault, text.oom ? "" : buf_str(&text), why);
	buf_free(&text);
	return -1;
}

int
server_take(const struct server *s, int64_t stale, const char *bytes, size_t n,
    int64_t now, struct report *r, struct buf *why)
{
	enum report_fault fault;
	const char *reason;
	int64_t age;

	fault = report_read(r, bytes, n, &reason);
	if (fault != REPORT_FINE) {
		server_fail(s, fault, reason, why);
		if (fault == REPORT_FAILED)
			report_free(r);
		return -1;
	}
	age = now - r->time;
	fault = report_check_time(r, now, stale, &reason);
	if (fault == REPORT_FINE)
		return 0;
	report_free(r);
	return server_fail_time(s, fault, age, stale, why);
}

int
server_fetch(const struct server *s, int64_t stale,
    const struct when_deadline *deadline, struct report *r, struct buf *why)
{
	struct buf text = BUF_INIT;
	int rc;

	rc = net_fetch(&s->peer, REPORT_MAX, deadline, &text, why);
	if (rc == 0)
		rc = server_take(s, stale, text.data, text.len,
		    when_wall(deadline->clock), r, why);
	buf_free(&text);
	return rc;
}
