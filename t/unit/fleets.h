/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fleets.h - a fleet of hosts with the reports that a test makes up */
#ifndef T_FLEETS_H
#define T_FLEETS_H

#include "unit.h"

#include "base/buf.h"
#include "tools/mqc/fleet.h"

/* A moment so many seconds after an epoch that is a full hour. */
#define FLEETS_EPOCH INT64_C(1795532400) /* 2026-11-24 15:00:00 UTC */
#define FLEETS_AT(s)                                  \
	((struct mqc_fleet_time){ FLEETS_EPOCH + (s), \
	    INT64_C(5000000) + (s)*1000 })

/* Columns in:m, an interval of 30 s, and hosts of these names. */
static inline void
fleets_make(struct mqc_fleet *f, struct mqc_column_set *columns,
    const char *const *names, size_t n)
{
	struct buf why = BUF_INIT;
	size_t i;

	assert_int_equal(mqc_column_parse(columns, "in,m", &why), 0);
	mqc_fleet_init(f, columns, 30, 0);
	for (i = 0; i < n; i++)
		assert_int_equal(mqc_fleet_add(f, names[i]), 0);
}

/* Host i sends a report of now, with these lines. */
static inline void
fleets_lines(struct mqc_fleet *f, size_t i, const char *lines,
    struct mqc_fleet_time now)
{
	struct buf head = BUF_INIT, text = BUF_INIT;

	/* Lines that say a host come from that one. */
	if (strncmp(lines, "host ", 5) != 0)
		buf_addf(&head, "host %s\n", f->hosts[i].name);
	buf_addf(&text, "mqreport 1\n%stime %lld\ntook 1 ms\n%send\n",
	    head.len != 0 ? buf_str(&head) : "", (long long)now.wall, lines);
	assert_true(mqc_fleet_take(f, i, text.data, text.len, now));
	buf_free(&head);
	buf_free(&text);
}

#define FLEETS_REST " oldest=0 late=0 quarantined=0 lost=0\n"

/* Host i sends a report of now with two queues. */
static inline void
fleets_take(struct mqc_fleet *f, size_t i, unsigned int in, unsigned int m,
    struct mqc_fleet_time now)
{
	struct buf text = BUF_INIT;

	buf_addf(&text,
	    "queue mqueue.in role=in count=exact messages=%u" FLEETS_REST
	    "queue mqueue role=out count=exact messages=%u oldest=0 late=0"
	    " quarantined=0 lost=0 stranded=2\n",
	    in, m);
	fleets_lines(f, i, text.data, now);
	buf_free(&text);
}

#endif
