/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qstat.c - who fills the mail queues: a table, a list, a control file
 *
 * Options, queues, a reading of them, an answer: one step each, and one
 * write(2) at the end.  Errors are one line on standard error.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/when.h"
#include "tools/common/queues.h"
#include "tools/common/tool.h"
#include "tools/qstat/ages.h"
#include "tools/qstat/config.h"
#include "tools/qstat/head.h"
#include "tools/qstat/json.h"
#include "tools/qstat/list.h"
#include "tools/qstat/notes.h"
#include "tools/qstat/progress.h"
#include "tools/qstat/show.h"
#include "tools/qstat/table.h"
#include "tools/qstat/tsv.h"

enum { QSTAT_ALL, QSTAT_PARTLY, QSTAT_FAILED };

#define QSTAT_WIDEST 200 /* columns of a terminal that are used */

/* What the terminals can do. */
struct qstat_screen {
	size_t width;
	bool colour;
	int progress; /* a descriptor, or -1 */
};

static struct qstat_screen
qstat_look_at_screen(void)
{
	struct qstat_screen s = { QSTAT_VIEW_WIDTH, false, -1 };
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");
	struct winsize size;

	if (isatty(STDERR_FILENO))
		s.progress = STDERR_FILENO;
	if (!isatty(STDOUT_FILENO))
		return s;
	s.colour = (no == NULL || *no == '\0') && term != NULL &&
	    *term != '\0' && strcmp(term, "dumb") != 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col > QSTAT_VIEW_WIDTH)
		s.width = size.ws_col < QSTAT_WIDEST ? size.ws_col :
						       QSTAT_WIDEST;
	return s;
}

/* Nobody outside may know how names are hashed. */
static uint64_t
qstat_seed(void)
{
	uint64_t seed;

	if (getentropy(&seed, sizeof(seed)) != 0)
		seed = (uint64_t)when_wall(&when_system) ^
		    (uint64_t)getpid() << 32;
	return seed;
}

static int
qstat_fail_memory(struct buf *why)
{
	buf_adds(why, "out of memory");
	return QSTAT_FAILED;
}

/* 0, 1 or 2, by what could be read. */
static int
qstat_status(const struct survey_result *s)
{
	return qstat_view_is_unread(s) ? QSTAT_FAILED :
	    qstat_view_is_partial(s)   ? QSTAT_PARTLY :
					 QSTAT_ALL;
}

/* Below the head of an answer for people. */
static void
qstat_add_notes(struct buf *out, const struct qstat_config *c,
    const struct survey_result *s, const struct qstat_screen *screen)
{
	if (c->verbose > 0)
		qstat_notes_verbose(out, &c->queues, s);
	qstat_notes_unread(out, &c->queues, s, screen->width);
}

static void
qstat_add_groups(struct buf *out, struct qstat_view *v,
    const struct qstat_screen *screen)
{
	const struct qstat_config *c = v->config;

	v->width = screen->width;
	v->colour = screen->colour;
	qstat_head_add(out, v);
	qstat_add_notes(out, c, &v->census->survey, screen);
	if (v->nrows != 0) {
		buf_addc(out, '\n');
		if (c->ages)
			qstat_ages_add(out, v);
		else
			qstat_table_add(out, v);
	}
	qstat_notes_add(out, v);
}

/* Who fills the queues. */
static int
qstat_groups(const struct qstat_config *c, const struct survey_options *opt,
    const struct qstat_screen *screen, struct buf *out, struct buf *why)
{
	struct census_options how = {
		.survey = *opt,
		.by = c->by,
		.detail_all = c->ages,
	};
	struct census census;
	struct qstat_view v = { .row = NULL };
	int rc = census_take(&census, &c->queues, &how);

	if (rc == 0)
		rc = qstat_view_make(&v, c, &c->queues, &census);
	if (rc == 0 && c->format == QSTAT_CONFIG_TEXT)
		qstat_add_groups(out, &v, screen);
	else if (rc == 0 && c->format == QSTAT_CONFIG_TSV)
		qstat_tsv_groups(out, &v);
#ifdef HAVE_JANSSON
	else if (rc == 0)
		rc = qstat_json_groups(out, &v);
#endif
	if (rc != 0) {
		rc = qstat_fail_memory(why);
	} else {
		rc = qstat_status(&census.survey);
		if (c->format != QSTAT_CONFIG_TEXT)
			qstat_notes_partial(why, &census.survey);
	}
	qstat_view_free(&v);
	census_free(&census);
	return rc;
}

/* The messages of a selector. */
static int
qstat_select(const struct qstat_config *c, const struct survey_options *opt,
    const struct qstat_screen *screen, struct buf *out, struct buf *why)
{
	size_t max = c->all ? SIZE_MAX :
	    c->top != 0     ? c->top :
			      QSTAT_MESSAGES_MAX;
	struct qstat_messages q;
	int rc = qstat_messages_take(&q, &c->queues, opt, &c->selector, max);

	if (rc == 0 && c->format == QSTAT_CONFIG_TEXT) {
		qstat_list_head(out, &q, c, &c->queues, opt->now,
		    screen->width);
		qstat_add_notes(out, c, &q.survey, screen);
		qstat_list_add(out, &q, c, opt->now, screen->width,
		    screen->colour);
	} else if (rc == 0 && c->format == QSTAT_CONFIG_TSV) {
		qstat_tsv_messages(out, &q);
	}
#ifdef HAVE_JANSSON
	else if (rc == 0)
		rc = qstat_json_messages(out, &q, c, &c->queues, opt->now);
#endif
	if (rc != 0) {
		rc = qstat_fail_memory(why);
	} else {
		rc = qstat_status(&q.survey);
		if (c->format != QSTAT_CONFIG_TEXT)
			qstat_notes_partial(why, &q.survey);
	}
	qstat_messages_free(&q);
	return rc;
}

/* Reads the queues for one of the two above. */
static int
qstat_survey(const struct qstat_config *c, struct buf *out, struct buf *why)
{
	struct when_deadline deadline = when_after(&when_system,
	    INT64_C(900) * c->timeout);
	struct qstat_screen screen = qstat_look_at_screen();
	struct qstat_progress progress;
	struct survey_options opt = {
		.now = when_wall(&when_system),
		.deadline = c->timeout != 0 ? &deadline : NULL,
		.all_recipients = true,
		.seed = qstat_seed(),
		.progress = qstat_progress_show,
		.progress_arg = &progress,
	};
	int rc;

	qstat_progress_start(&progress, &when_system, screen.progress);
	if (c->action == QSTAT_CONFIG_MESSAGES)
		rc = qstat_select(c, &opt, &screen, out, why);
	else
		rc = qstat_groups(c, &opt, &screen, out, why);
	qstat_progress_end(&progress);
	return rc;
}

static int
qstat_show_one(const struct qstat_config *c, struct buf *out, struct buf *why)
{
	int rc = qstat_show_add(out, &c->queues, c->id, why);

	return rc == 0 ? QSTAT_ALL : rc == 1 ? QSTAT_PARTLY : QSTAT_FAILED;
}

static int
qstat_run(struct qstat_config *c, struct buf *out, struct buf *why)
{
	if (c->action == QSTAT_CONFIG_HELP) {
		cli_add_help(&qstat_config_cli, out);
		return QSTAT_ALL;
	}
	if (c->action == QSTAT_CONFIG_VERSION) {
		cli_add_version(&qstat_config_cli, out);
		return QSTAT_ALL;
	}
	if (queues_find(&c->queues, c->root, why) != 0)
		return QSTAT_FAILED;
	if (c->action == QSTAT_CONFIG_SHOW)
		return qstat_show_one(c, out, why);
	return qstat_survey(c, out, why);
}

int
main(int argc, char **argv)
{
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct qstat_config c;
	int rc;

	/* A limit of file size is an error to be told. */
	signal(SIGXFSZ, SIG_IGN);
	if (qstat_config_parse(&c, argc, argv, &why) != 0) {
		buf_adds(&why, "; see --help");
		rc = QSTAT_FAILED;
	} else {
		rc = qstat_run(&c, &out, &why);
	}
	rc = tool_end(&qstat_config_cli, argc, argv, rc, &out, &why);
	qstat_config_free(&c);
	buf_free(&out);
	buf_free(&why);
	return rc;
}
