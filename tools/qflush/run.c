/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run.c - what qflush was asked for, step by step
 *
 * Without --yes it reads the queues and says what would be done.  With --yes it
 * opens the journal and settles what a run that was killed left.  Then it reads
 * the queues in one pass after the other, compares what it found with the
 * limit, and changes the messages.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/remedy.h"
#include "base/seed.h"
#include "change/moved.h"
#include "change/place.h"
#include "change/settle.h"
#include "tools/common/progress.h"
#include "tools/qflush/drip.h"
#include "tools/qflush/plan.h"
#include "tools/qflush/report.h"
#include "tools/qflush/room.h"
#include "tools/qflush/run.h"

#define QFLUSH_KEEP  8192 /* files that are kept, at most */
#define QFLUSH_CLEAN 2    /* passes that find nothing, and it is over */

struct qflush {
	const struct qflush_config *c;
	const struct qflush_env *env;
	const struct mta *mta; /* of all queues */
	struct mta_place_list homes;
	struct moved moved;
	const struct queue_list *queues; /* to look in, */
	struct mta_place_list *places;   /* and its places */
	struct wanted wanted;
	struct journal journal;
	struct mta_session session;
	struct flush_count count;
	struct qflush_report_run run;
	bool unread;     /* not all was read, in some pass */
	bool incomplete; /* found some such */
	bool unknown;    /* this pass has not read all */
};

static int
qflush_fail(struct buf *why, const char *text)
{
	buf_adds(why, text);
	return QFLUSH_FAILED;
}

/* What to do about an error, if no file is to blame. */
static void
qflush_add_remedy(struct buf *why, int error)
{
	const char *remedy = remedy_of(error);

	if (remedy != NULL)
		buf_addf(why, "; %s", remedy);
}

static bool
qflush_is_stopped(const struct qflush *q)
{
	return *q->env->stop != 0;
}

/* --- reading ------------------------------------------------------------- */

/* 0; or an exit status with the reason. */
static int
qflush_gather(struct qflush *q, struct gather *g, struct buf *why)
{
	struct progress progress = {
		.clock = q->env->clock,
		.fd = q->env->screen,
		.program = "qflush",
		.what = "read",
		.paced = true,
	};
	struct survey_options opt = {
		.now = q->wanted.now,
		.held = q->wanted.state != MTA_QUEUED,
		.seed = seed_make(q->env->clock),
		.progress = progress_show,
		.progress_arg = &progress,
	};
	size_t i, ndirs = 0;
	int rc;

	progress_start(&progress);
	rc = gather_take(g, q->queues, q->places, &opt, &q->wanted);
	progress_end(&progress);
	if (rc != 0)
		return qflush_fail(why, "out of memory");
	for (i = 0; i < q->queues->n; i++)
		ndirs += q->queues->v[i].ndirs;
	q->unknown = g->survey.failed != 0 || g->survey.unreadable != 0;
	q->unread = q->unread || q->unknown;
	if (g->verdict[WANTED_INCOMPLETE] != 0)
		q->incomplete = true;
	if (ndirs == 0 || g->survey.failed < ndirs)
		return 0;
	buf_adds(why, "no queue can be read");
	if (g->survey.failed_dir != NULL)
		buf_addf(why, ": %s: %s", g->survey.failed_dir->path,
		    strerror(g->survey.error));
	qflush_add_remedy(why, g->survey.error);
	return QFLUSH_FAILED;
}

static int
qflush_show(struct qflush *q, struct buf *out, struct buf *why)
{
	struct gather g = { .v = NULL };
	int rc = qflush_gather(q, &g, why);

	if (rc == 0) {
		qflush_plan_add(out, q->c, &g, q->places, q->wanted.now);
		qflush_report_strangers(out, &q->moved);
		rc = q->unread ? QFLUSH_PARTLY : QFLUSH_ALL;
	}
	gather_free(&g);
	return rc;
}

/* --- changing ------------------------------------------------------------ */

/* Opens what the messages will be moved to, and tries the places out. */
static int
qflush_prepare(struct qflush *q, const struct gather *g, struct buf *why)
{
	bool *used = calloc(q->places->n + 1, sizeof(*used));
	const struct mta_change *change = q->mta->change;
	const char *what;
	struct mta_place *p;
	size_t i;
	int rc = -1;

	if (used == NULL) {
		buf_adds(why, "out of memory");
		return -1;
	}
	for (i = 0; i < g->n; i++)
		used[g->v[i].place] = true;
	for (i = 0; i < q->places->n; i++) {
		p = &q->places->v[i];
		if (!used[i] || change->probe_place == NULL ||
		    change->probe_place(p, &what) == 0)
			continue;
		buf_addf(why, "%s %s: %s", what, p->dir->path, strerror(errno));
		qflush_add_remedy(why, errno);
		goto out;
	}
	rc = 0;
	if (q->c->action == CHANGE_MOVE) {
		moved_close(&q->moved);
		rc = moved_open(&q->moved, q->c->dir, &q->homes, used, why);
	}
out:
	free(used);
	return rc;
}

/* What all batches have in common. */
static struct batch_run
qflush_batch_run(struct qflush *q)
{
	return (struct batch_run){
		.mta = q->mta,
		.session = &q->session,
		.places = q->places,
		.wanted = &q->wanted,
		.journal = &q->journal,
		.clock = q->env->clock,
	};
}

/* Changes what was found.  0, or an exit status with the reason. */
static int
qflush_change(struct qflush *q, const struct gather *g, struct buf *why)
{
	struct progress progress = {
		.clock = q->env->clock,
		.fd = q->env->screen,
		.program = "qflush",
		.what = change_action_done(q->c->action),
		.paced = true,
	};
	struct flush_options opt = {
		.run = qflush_batch_run(q),
		.stop = q->env->stop,
		.progress = progress_show,
		.progress_arg = &progress,
	};
	size_t i;
	int rc;

	if (qflush_prepare(q, g, why) != 0)
		return QFLUSH_FAILED;
	progress_start(&progress);
	if (q->c->per_minute > 0 || q->c->below > 0)
		rc = qflush_drip(q->c, g->v, g->n, &opt, &q->count, why);
	else if ((rc = flush_run(g->v, g->n, &opt, &q->count)) != 0)
		buf_adds(why, "out of memory");
	progress_end(&progress);
	for (i = 0; i < g->n; i++)
		q->places->v[g->v[i].place].used = true;
	return rc == 0 ? 0 : QFLUSH_FAILED;
}

/* How many messages this run has tried to change so far. */
static uint64_t
qflush_tried(const struct qflush *q)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < CHANGE_RESULTS; i++)
		n += q->count.n[i];
	return n;
}

/* One pass; *found: there was something.  0, or an exit status. */
static int
qflush_pass(struct qflush *q, bool *found, struct buf *out, struct buf *why)
{
	uint64_t done = q->count.n[CHANGE_DONE], before = qflush_tried(q);
	struct gather g = { .v = NULL };
	uint64_t total;
	int rc;

	q->incomplete = false;
	if ((rc = qflush_gather(q, &g, why)) != 0)
		goto out;
	q->run.passes++;
	/* What can't be read may be what is looked for. */
	*found = g.n != 0 || q->incomplete || q->unknown;
	total = g.survey.total + done;
	if (g.n != 0 && g.n + done > qflush_config_limit(q->c, total)) {
		qflush_report_limit(why, q->c, g.n + done, total);
		rc = QFLUSH_FAILED;
	} else if (g.n != 0) {
		rc = qflush_change(q, &g, why);
		q->run.left = g.n - (qflush_tried(q) - before);
	}
	if (q->run.passes == 1)
		qflush_report_left(out, q->c, &g);
out:
	gather_free(&g);
	return rc;
}

static int
qflush_passes(struct qflush *q, struct buf *out, struct buf *why)
{
	const struct timespec pause = { .tv_sec = (time_t)q->c->pause };
	int64_t pass;
	int clean = 0, rc = 0;
	bool found;

	for (pass = 0; pass <= q->c->rescan; pass++) {
		if (pass != 0)
			nanosleep(&pause, NULL);
		if (qflush_is_stopped(q) ||
		    (rc = qflush_pass(q, &found, out, why)) != 0 ||
		    q->count.fatal != NULL)
			break;
		clean = found ? 0 : clean + 1;
		if (clean == QFLUSH_CLEAN)
			break;
	}
	q->run.clean = clean == QFLUSH_CLEAN;
	return rc;
}

/* --- the journal --------------------------------------------------------- */

static void
qflush_journal_fails(const struct qflush *q, int error, struct buf *why)
{
	buf_addf(why, "the journal %s can't be written: %s", q->c->journal,
	    strerror(error));
	if (error == ENOSPC || error == EDQUOT)
		buf_adds(why,
		    "; free some room there, or name a journal on another file"
		    " system: --journal FILE");
	qflush_add_remedy(why, error);
}

/* Opens it, settles it, and notes that this run begins. */
static int
qflush_begin(struct qflush *q, struct buf *out, struct buf *why)
{
	struct buf text = BUF_INIT, unused = BUF_INIT;
	size_t settled;
	int rc = -1;

	if (journal_open(&q->journal, q->c->journal, why) != 0)
		return -1;
	/* Bodies that were not moved with the rest go there now. */
	if (q->c->action == CHANGE_MOVE &&
	    moved_open(&q->moved, q->c->dir, &q->homes, NULL, &unused) != 0)
		moved_close(&q->moved);
	buf_addf(&text, "qflush %s, pid %ju, uid %ju: %s ", PACKAGE_VERSION,
	    (uintmax_t)getpid(), (uintmax_t)getuid(),
	    change_action_name(q->c->action));
	buf_add(&text, q->c->wanted.data, q->c->wanted.len);
	if (text.oom || settle_run(&q->journal, &q->homes, &settled) != 0 ||
	    journal_note(&q->journal, when_wall(q->env->clock), "begin",
		buf_str(&text)) != 0)
		qflush_journal_fails(q, text.oom ? ENOMEM : errno, why);
	else
		rc = 0;
	if (rc == 0 && settled != 0)
		buf_addf(out,
		    "an earlier run was killed: %zu message%s"
		    " looked after, see the journal\n",
		    settled, settled == 1 ? " was" : "s were");
	buf_free(&text);
	buf_free(&unused);
	return rc;
}

/* What is missing, if it was room that ended the run. */
static void
qflush_add_room(struct buf *out, struct qflush *q)
{
	const struct batch_run run = qflush_batch_run(q);
	const struct mta_place *p = q->count.example[CHANGE_FAILED].place;
	const char *path = q->count.journal ? q->c->journal :
	    p != NULL                       ? p->path :
					      q->homes.v[0].path;
	struct qflush_room room;

	qflush_room_look(&room, path);
	qflush_room_add(out, q->c, &q->count, &room, path, flush_files(&run));
	qflush_room_free(&room);
}

static int
qflush_status(const struct qflush *q)
{
	const uint64_t *n = q->count.n;

	if (q->count.fatal != NULL)
		return QFLUSH_FAILED;
	if (n[CHANGE_BODILESS] + n[CHANGE_REFUSED] + n[CHANGE_FAILED] != 0 ||
	    q->unread || q->run.stopped)
		return QFLUSH_PARTLY;
	if (q->run.clean)
		return QFLUSH_ALL;
	return n[CHANGE_BUSY] + n[CHANGE_INCOMPLETE] != 0 || q->incomplete ||
		q->c->rescan > 0 ?
	    QFLUSH_PARTLY :
	    QFLUSH_ALL;
}

static int
qflush_act(struct qflush *q, struct buf *out, struct buf *why)
{
	int64_t began = when_mono(q->env->clock);
	struct buf text = BUF_INIT, first = BUF_INIT;
	const char *end = "nothing was changed";
	int rc;

	if (qflush_begin(q, out, why) != 0)
		return QFLUSH_FAILED;
	rc = qflush_passes(q, &first, why);
	q->run.places = q->places;
	q->run.ms = when_mono(q->env->clock) - began;
	q->run.stopped = qflush_is_stopped(q);
	if (q->run.passes != 0)
		qflush_report_done(&text, q->c, &q->count, &q->run);
	if (text.oom)
		end = "out of memory";
	else if (text.len != 0)
		end = buf_str(&text);
	(void)journal_note(&q->journal, when_wall(q->env->clock), "end", end);
	out->oom |= text.oom || first.oom;
	if (rc == 0 || q->count.n[CHANGE_DONE] != 0) {
		buf_add(out, text.data, text.len);
		buf_add(out, first.data, first.len);
		qflush_report_strangers(out, &q->moved);
		if (q->count.fatal != NULL)
			qflush_add_room(out, q);
	}
	if (rc == 0 && q->count.fatal != NULL)
		buf_addf(why, "stopped, %s: %s", q->count.fatal,
		    strerror(q->count.error));
	buf_free(&text);
	buf_free(&first);
	return rc != 0 ? rc : qflush_status(q);
}

/* Half of the descriptors; the rest is for messages under way. */
static size_t
qflush_keep_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur > 2 * QFLUSH_KEEP)
		return QFLUSH_KEEP;
	return (size_t)limit.rlim_cur / 2;
}

/*
 * The server of the queues; or NULL with the reason.  They are of one server,
 * because a run is one session of its changes.
 */
static const struct mta *
qflush_server(const struct queue_list *queues, struct buf *why)
{
	const struct mta *mta = queues->v[0].mta;
	size_t i;

	for (i = 1; i < queues->n; i++)
		if (queues->v[i].mta != mta) {
			buf_addf(why,
			    "the queues are of different mail servers, %s and"
			    " %s; name those of one with -q",
			    mta->name, queues->v[i].mta->name);
			return NULL;
		}
	if (mta->change != NULL)
		return mta;
	buf_addf(why, "the messages of %s cannot be changed", mta->name);
	return NULL;
}

/* Shows or does it, with all places open.  Returns the exit status. */
static int
qflush_go(struct qflush *q, struct buf *out, struct buf *why)
{
	const struct mta_change *change = q->mta->change;
	int rc;

	if (!q->c->yes)
		return qflush_show(q, out, why);
	if (change->open != NULL && change->open(&q->session) != 0)
		rc = qflush_fail(why, "out of memory");
	else
		rc = qflush_act(q, out, why);
	if (change->close != NULL)
		change->close(&q->session);
	return rc;
}

int
qflush_run(const struct qflush_config *c, const struct qflush_env *env,
    struct buf *out, struct buf *why)
{
	struct qflush q = {
		.c = c,
		.env = env,
		.moved = MOVED_INIT,
		.journal = JOURNAL_INIT,
		.queues = &c->queues,
		.wanted = qflush_config_wanted(c, when_wall(env->clock)),
		.session = {
			.action = c->action,
			.reason = buf_str(&c->reason),
			.homes = &q.homes,
			.clock = env->clock,
			.keep_files = env->keep ? qflush_keep_files() : 0,
		},
	};
	int rc = QFLUSH_FAILED;

	q.places = &q.homes;
	if ((q.mta = qflush_server(&c->queues, why)) == NULL)
		goto out;
	if (place_list_open(&q.homes, &c->queues) != 0) {
		rc = qflush_fail(why, "out of memory");
		goto out;
	}
	if (c->action == CHANGE_RESTORE) {
		q.unread = qflush_report_unopened(out, &q.homes);
		q.queues = &q.moved.queues;
		q.places = &q.moved.places;
		if (moved_open(&q.moved, c->dir, &q.homes, NULL, why) != 0)
			goto out;
	}
	rc = qflush_go(&q, out, why);
out:
	journal_close(&q.journal);
	moved_close(&q.moved);
	place_list_close(&q.homes);
	return rc;
}
