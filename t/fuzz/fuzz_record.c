/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_record.c - any bytes are a recording of mqc, or a clear error; its
 * lines come back whole
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#include "tools/mqc/fleet.h"
#include "tools/mqc/hosts.h"
#include "tools/mqc/replay.h"

static void
round_trip(const struct mqc_record *r)
{
	struct mqc_record again;
	struct buf b = BUF_INIT;
	const char *why;

	if (r->interval != 0)
		mqc_record_add_head(&b, r->interval);
	else if (r->answer == REPORT_FINE)
		mqc_record_add_report(&b, r->time, r->name, r->delay, r->text,
		    r->n);
	else
		mqc_record_add_failure(&b, r->time, r->name, r->delay,
		    r->answer, r->text);
	FUZZ_MUST(!b.oom && mqc_record_parse(&again, b.data, b.len, &why) == 0);
	FUZZ_MUST(again.interval == r->interval && again.time == r->time &&
	    again.delay == r->delay && again.answer == r->answer);
	FUZZ_MUST(r->interval != 0 || strcmp(again.name, r->name) == 0);
	FUZZ_MUST(r->interval != 0 || r->answer == REPORT_FINE ||
	    strcmp(again.text, r->text) == 0);
	buf_free(&b);
}

static void
lines(const uint8_t *bytes, size_t n)
{
	struct mqc_record r;
	const char *why;
	char *line;
	size_t len;

	while ((line = fuzz_line(&bytes, &n)) != NULL) {
		len = strlen(line);
		line[len] = '\n'; /* it has no NUL then, and needs none */
		if (mqc_record_parse(&r, line, len + 1, &why) == 0)
			round_trip(&r);
		else
			FUZZ_MUST(fuzz_is_line(why));
		free(line);
	}
}

static void
replay(FILE *file)
{
	struct mqc_replay r = { .file = file };
	struct mqc_column_set columns;
	struct mqc_fleet fleet;
	struct buf why = BUF_INIT;
	size_t i;
	int rc;

	r.line = malloc(MQC_RECORD_LINE + 1);
	FUZZ_MUST(r.line != NULL && file != NULL);
	FUZZ_MUST(mqc_column_parse(&columns, "in,m", &why) == 0);
	mqc_fleet_init(&fleet, &columns, 30, 0);
	while ((rc = mqc_replay_round(&r, &fleet, &why)) > 0) {
		FUZZ_MUST(fleet.n >= 1 && fleet.n <= MQC_HOSTS_MAX);
		FUZZ_MUST(mqc_fleet_fresh(&fleet) <= fleet.n);
		for (i = 0; i < fleet.n; i++)
			FUZZ_MUST(fleet.hosts[i].why[0] == '\0' ||
			    fuzz_is_line(fleet.hosts[i].why));
	}
	FUZZ_MUST(rc == 0 ? why.len == 0 : fuzz_is_line(buf_str(&why)));
	buf_free(&why);
	mqc_fleet_free(&fleet);
	mqc_replay_close(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	lines(bytes, n);
	replay(fdopen(dup(fuzz_file(bytes, n)), "r"));
	return 0;
}
