/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay.c - the rounds of a recording, one after the other
 *
 * Owns the file and one line of it.  No clock is read here: both clocks of the
 * fleet show the time that was recorded, so that numbers grow old as they did
 * then.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "tools/mqc/hosts.h"
#include "tools/mqc/replay.h"

#define MQC_REPLAY_SHOWN 200

int
mqc_replay_open(struct mqc_replay *r, const char *path, struct buf *why)
{
	*r = (struct mqc_replay){ .file = NULL };
	r->line = malloc(MQC_RECORD_LINE + 1);
	if (r->line != NULL)
		r->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (r->file != NULL)
		return 0;
	clean_adds(why, path, MQC_REPLAY_SHOWN);
	buf_addf(why, ": %s", strerror(errno));
	mqc_replay_close(r);
	return -1;
}

void
mqc_replay_close(struct mqc_replay *r)
{
	if (r->file != NULL && r->file != stdin)
		(void)fclose(r->file);
	free(r->line);
	*r = (struct mqc_replay){ .file = NULL };
}

static int
mqc_replay_fail(const struct mqc_replay *r, const char *text, struct buf *why)
{
	buf_addf(why, "the recording, line %zu: %s", r->number, text);
	return -1;
}

/* Reads a line ahead.  1, 0 at the end, -1. */
static int
mqc_replay_read(struct mqc_replay *r, struct buf *why)
{
	const char *bad;
	size_t n;

	r->ahead = false;
	r->number++;
	if (fgets(r->line, MQC_RECORD_LINE + 1, r->file) == NULL)
		return ferror(r->file) ?
		    mqc_replay_fail(r, strerror(errno), why) :
		    0;
	n = strlen(r->line);
	/* A program that was killed may have left half of a line. */
	if (n != 0 && r->line[n - 1] != '\n' && feof(r->file))
		return 0;
	if (mqc_record_parse(&r->next, r->line, n, &bad) != 0)
		return mqc_replay_fail(r, bad, why);
	if (r->next.interval == 0 && strlen(r->next.name) > MQC_HOSTS_NAME)
		return mqc_replay_fail(r, "a name is too long", why);
	r->ahead = true;
	return 1;
}

/* Gives the line that was read ahead to the fleet. */
static int
mqc_replay_give(struct mqc_fleet *f, const struct mqc_record *line,
    ptrdiff_t host)
{
	const struct mqc_fleet_time now = { line->time + line->delay / 1000,
		line->time * 1000 + line->delay };

	if (host == -1) {
		if (f->n == MQC_HOSTS_MAX || mqc_fleet_add(f, line->name) != 0)
			return -1;
		host = (ptrdiff_t)f->n - 1;
	}
	if (line->answer == REPORT_FINE)
		mqc_fleet_take(f, (size_t)host, line->text, line->n, now);
	else
		mqc_fleet_fail(f, (size_t)host, line->answer, line->text, now);
	return 0;
}

int
mqc_replay_round(struct mqc_replay *r, struct mqc_fleet *f, struct buf *why)
{
	struct mqc_fleet_time now = { 0, 0 };
	ptrdiff_t host = -1;
	bool began = false;
	int rc = 1;

	while (r->ahead || (rc = mqc_replay_read(r, why)) > 0) {
		if (r->next.interval != 0) {
			if (began)
				break;
			mqc_fleet_set_interval(f, r->next.interval);
			r->ahead = false;
			continue;
		}
		host = mqc_fleet_find(f, r->next.name, host);
		if (began &&
		    (r->next.time != f->began.wall ||
			(host != -1 && f->hosts[host].asked)))
			break;
		if (!began) {
			now.wall = r->next.time;
			now.mono = r->next.time * 1000;
			mqc_fleet_begin(f, now);
			began = true;
		}
		if (now.mono < r->next.time * 1000 + r->next.delay)
			now.mono = r->next.time * 1000 + r->next.delay;
		if (mqc_replay_give(f, &r->next, host) != 0)
			return mqc_replay_fail(r, "out of memory", why);
		r->ahead = false;
	}
	if (rc < 0 || !began)
		return rc < 0 ? -1 : 0;
	now.wall = now.mono / 1000;
	mqc_fleet_end(f, now);
	return 1;
}

int64_t
mqc_replay_next(const struct mqc_replay *r)
{
	return r->ahead && r->next.interval == 0 ? r->next.time : -1;
}
