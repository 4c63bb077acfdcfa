/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qstat.c - who fills the mail queues: a table, a list, a control file
 *
 * Options, queues, a reading of them, an answer: one step each, and one
 * write(2) at the end.  Errors are one line on standard error.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/when.h"
#include "mqueue/discover.h"
#include "qstat_ages.h"
#include "qstat_config.h"
#include "qstat_head.h"
#include "qstat_json.h"
#include "qstat_list.h"
#include "qstat_notes.h"
#include "qstat_progress.h"
#include "qstat_show.h"
#include "qstat_table.h"
#include "qstat_tsv.h"

enum { QSTAT_ALL, QSTAT_PARTLY, QSTAT_FAILED };

#define QSTAT_WIDEST	200	/* columns of a terminal that are used */

/* What the terminals can do. */
struct qstat_screen {
	size_t	width;
	bool	colour;
	int	progress;	/* a descriptor, or -1 */
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

static void
qstat_add_people(struct buf *out, const struct qstat_view *v)
{
	const struct qstat_config *c = v->config;

	qstat_head_add(out, v);
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
    const struct qstat_screen *screen, struct qstat_progress *progress,
    struct buf *out, struct buf *why)
{
	struct census_options how = {
		.survey = *opt, .by = c->by, .detail_all = c->ages
	};
	struct census census;
	struct qstat_view v = { .row = NULL };
	int rc = QSTAT_FAILED;

	if (census_take(&census, &c->queues, &how) != 0 ||
	    qstat_view_make(&v, c, &c->queues, &census) != 0)
		goto out;
	qstat_progress_end(progress);
	v.width = screen->width;
	v.colour = screen->colour;
	rc = qstat_view_is_partial(&census.survey) ? QSTAT_PARTLY : QSTAT_ALL;
	if (c->format == QSTAT_CONFIG_TSV)
		qstat_tsv_groups(out, &v);
#ifdef HAVE_JANSSON
	else if (c->format == QSTAT_CONFIG_JSON)
		rc = qstat_json_groups(out, &v) == 0 ? rc : QSTAT_FAILED;
#endif
	else
		qstat_add_people(out, &v);
	qstat_notes_unread(c->format == QSTAT_CONFIG_TEXT ? out : why,
	    &c->queues, &census.survey, c->mta, c->verbose);
out:
	qstat_view_free(&v);
	census_free(&census);
	return rc == QSTAT_FAILED ? qstat_fail_memory(why) : rc;
}
