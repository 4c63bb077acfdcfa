/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.c - check_mqueue's words
 *
 * The first line is all that a pager shows: the queue, what alerts beside its
 * limit, and then how many, how fast, until when, how old.  Names and paths
 * come from users and directories, so they are cleaned here.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "base/num.h"
#include "base/shell.h"
#include "mail/dated.h"
#include "plugins/check_mqueue/text.h"

#define MQUEUE_TEXT_NAME 40 /* of a queue's name */
#define MQUEUE_TEXT_PATH 160
#define MQUEUE_TEXT_DIRS 8 /* of a queue, in a command */
/* Of a report's messages: check_relayflood -c. */
#define MQUEUE_TEXT_SHARE    0.30
#define MQUEUE_TEXT_FORECAST (7 * 86400.0) /* a later one is no news */

void
mqueue_text_add_name(struct buf *b, const char *name)
{
	clean_adds(b, name, MQUEUE_TEXT_NAME);
}

void
mqueue_text_add_path(struct buf *b, const char *path)
{
	clean_adds(b, path, MQUEUE_TEXT_PATH);
}

/* What a metric is called: "messages", "age" ... */
static const char *
mqueue_text_metric(enum mqueue_config_metric metric)
{
	static const char *const subjects[] = { "messages", "age", "forecast",
		"quarantined", "lost", "stranded", "held" };

	return subjects[metric];
}

static const char *
mqueue_text_bound(const struct mqueue_measure *m)
{
	return mqueue_measure_is_exact(m) ? "" : "at least ";
}

/*
 * exact: in seconds, since an age that is just over its limit would read the
 * same as the limit.
 */
static void
mqueue_text_add_value(struct buf *b, enum mqueue_config_metric metric,
    double value, bool exact)
{
	bool age = metric == MQUEUE_CONFIG_AGE ||
	    metric == MQUEUE_CONFIG_FORECAST ||
	    metric == MQUEUE_CONFIG_HELD_AGE;

	if (age && !exact)
		num_add_duration(b, (int64_t)value);
	else
		num_add_decimal(b, age ? floor(value) : value);
	if (age && exact)
		buf_addc(b, 's');
}

/* "over 1200", "under 10", "outside 5:10", "within 10:20". */
static void
mqueue_text_add_limit(struct buf *b, enum mqueue_config_metric metric,
    double value, const struct range *r, bool exact)
{
	struct range bare = *r;

	if (!r->inside && value > r->end) {
		buf_adds(b, "over ");
		mqueue_text_add_value(b, metric, r->end, exact);
	} else if (!r->inside && value < r->start) {
		buf_adds(b, "under ");
		mqueue_text_add_value(b, metric, r->start, exact);
	} else {
		bare.inside = false;
		buf_adds(b, "within ");
		range_add(b, &bare);
	}
}

/*
 * " (2 beside their directory, 1 of 40 looked at without a body)"; nothing if
 * that is not known.
 */
static void
mqueue_text_add_stranded(struct buf *b, const struct stranded_count *s)
{
	const char *comma = " (";

	if (s->n[STRANDED_BESIDE] != 0) {
		buf_addf(b, "%s%" PRIu64 " beside their directory", comma,
		    s->n[STRANDED_BESIDE]);
		comma = ", ";
	}
	if (s->n[STRANDED_DRAFT] != 0) {
		buf_addf(b, "%s%" PRIu64 " never finished", comma,
		    s->n[STRANDED_DRAFT]);
		comma = ", ";
	}
	if (s->n[STRANDED_BODYLESS] != 0) {
		buf_addf(b,
		    "%s%" PRIu64 " of %" PRIu64 " looked at without a body",
		    comma, s->n[STRANDED_BODYLESS], s->looked);
		comma = ", ";
	}
	if (*comma == ',')
		buf_addc(b, ')');
}

/* What is known of an age that is open. */
static void
mqueue_text_add_open_age(struct buf *b, const struct mqueue_measure *m)
{
	buf_adds(b, "by the queue ids the oldest may be ");
	num_add_duration(b, m->count.oldest_max);
	buf_adds(b, " old; of those that were looked at it is ");
	num_add_duration(b, m->count.oldest);
	buf_adds(b,
	    ". All messages of a long SMTP session have ids of its beginning");
}

/* Why a value alerts: "1300, which is over 1200". */
static void
mqueue_text_add_reason(struct buf *b, const struct mqueue_measure *m,
    const struct mqueue_judge_finding *f)
{
	enum mqueue_config_metric metric = f->metric;
	const struct range *r = f->rule;
	double limit = metric == MQUEUE_CONFIG_FORECAST ? r->start : r->end;
	bool exact = fabs(f->value - limit) < limit / 10;

	if (metric == MQUEUE_CONFIG_FORECAST)
		buf_adds(b, "the limit is reached in ");
	else if (metric == MQUEUE_CONFIG_AGE)
		buf_adds(b, "the oldest is ");
	else if (metric == MQUEUE_CONFIG_HELD_AGE)
		buf_addf(b,
		    "%s%" PRIu64 " in quarantine, of which the oldest came"
		    " ",
		    mqueue_text_bound(m), m->count.held);
	if (!mqueue_measure_is_exact(m) ||
	    (metric == MQUEUE_CONFIG_AGE && mqueue_measure_is_age_open(m)))
		buf_adds(b, "at least ");
	mqueue_text_add_value(b, metric, f->value, exact);
	if (metric == MQUEUE_CONFIG_HELD_AGE)
		buf_adds(b, " ago");
	buf_adds(b,
	    metric == MQUEUE_CONFIG_AGE || metric == MQUEUE_CONFIG_HELD_AGE ?
		", " :
		", which is ");
	mqueue_text_add_limit(b, metric, f->value, r, exact);
	if (metric == MQUEUE_CONFIG_STRANDED)
		mqueue_text_add_stranded(b, &m->stranded);
}

/*
 * Adds a whole command for the queue: ", as root: qstat -q DIR --by status".
 * rest is what follows the queue.  For another host the command is about all of
 * its queues.
 */
static void
mqueue_text_add_tool(struct buf *b, const struct mqueue_config *c,
    const struct mqueue_measure *m, const char *program, const char *rest)
{
	const struct queue *q = m->queue;
	bool typed = q->ndirs <= MQUEUE_TEXT_DIRS;
	size_t i;

	if (c->server.name != NULL) {
		buf_addf(b, "; there, as root: %s%s", program, rest);
		return;
	}
	for (i = 0; typed && i < q->ndirs; i++)
		typed = shell_is_plain(q->dirs[i].path,
		    strlen(q->dirs[i].path));
	buf_addf(b, ", as root: %s", program);
	for (i = 0; typed && i < q->ndirs; i++)
		buf_addf(b, " -q %s", q->dirs[i].path);
	buf_addf(b, "%s%s%s", typed ? "" : " -q ...", rest,
	    typed ? "" : ", where ... is as for this check");
}

/*
 * Names the relay that sent most of the messages which were read for the
 * report, if check_relayflood would be critical at that share.
 */
static bool
mqueue_text_add_relay(struct buf *b, const struct report *report)
{
	const struct report_relay *top;
	double share;

	if (report == NULL || report->nrelays == 0 || report->relays_read == 0)
		return false;
	top = &report->relays[0];
	share = (double)top->messages / (double)report->relays_read;
	if (share <= MQUEUE_TEXT_SHARE)
		return false;
	addr_add(b, &top->addr);
	buf_addf(b,
	    " has sent %" PRIu64 " of %" PRIu64 " messages that were read"
	    " there (%.0f%%); there, as root: qstat --messages ",
	    top->messages, report->relays_read, share * 100);
	addr_add(b, &top->addr);
	return true;
}

/*
 * Why a queue is long or old, if the report tells; else a command that tells.
 */
static void
mqueue_text_add_next(struct buf *b, const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	if (mqueue_text_add_relay(b, m->report))
		return;
	if (m->queue->role == QUEUE_IN) {
		buf_adds(b,
		    "does one relay fill it, or does MailScanner not keep up"
		    " (its log, the load)");
		mqueue_text_add_tool(b, c, m, "qstat", "");
	} else {
		buf_adds(b, "what do they wait for");
		mqueue_text_add_tool(b, c, m, "qstat", " --by status");
	}
}

/*
 * Adds a whole command of the MTA's own; the words before it say what it is
 * for.  One of our commands takes its place for the queues of another host,
 * whose directories are not known, and where the command has quotes, which a
 * monitor would take away.
 */
static void
mqueue_text_add_command(struct buf *b, const struct mqueue_config *c,
    const struct mqueue_measure *m, enum mta_command what)
{
	bool queued = what == MTA_COMMAND_QUEUED;
	const char *instead = queued ? "qstat --by status" :
				       "see below the table of qstat";
	struct buf command = BUF_INIT;

	if (c->server.name != NULL)
		buf_addf(b, " there: %s", instead);
	else if (!m->queue->mta->command(&command, what, m->queue, NULL,
		     NULL) ||
	    command.oom || strchr(buf_str(&command), '\'') != NULL)
		buf_addf(b, ": %s -q ..., where ... is as for this check",
		    instead);
	else
		buf_addf(b, ", as root: %s", buf_str(&command));
	b->oom |= command.oom;
	buf_free(&command);
}

/* What to do about too much of something. */
static void
mqueue_text_add_advice(struct buf *b, const struct mqueue_config *c,
    const struct mqueue_measure *m, enum mqueue_config_metric metric)
{
	if (metric == MQUEUE_CONFIG_LOST) {
		buf_adds(b, "the mail log says why (Losing); list them");
		mqueue_text_add_command(b, c, m, MTA_COMMAND_LOST);
	} else if (metric == MQUEUE_CONFIG_QUARANTINED) {
		buf_adds(b, "list them");
		mqueue_text_add_command(b, c, m, MTA_COMMAND_HELD);
	} else if (metric == MQUEUE_CONFIG_HELD_AGE) {
		buf_adds(b,
		    "whose it is (a dry run; --yes releases it, --any-reason"
		    " adds what others hold)");
		mqueue_text_add_tool(b, c, m, "qflush --release",
		    " 0.0.0.0/0 ::/0");
	} else if (metric == MQUEUE_CONFIG_STRANDED)
		buf_adds(b,
		    c->server.name != NULL ?
			"which they are: check_mqueue --list-queues there" :
			"which they are, and what to do: the same command"
			" with --list-queues");
	else if (m->queue->role == QUEUE_CLIENT) {
		buf_addf(b, "does the main %s take mail", m->queue->mta->name);
		mqueue_text_add_command(b, c, m, MTA_COMMAND_QUEUED);
	} else
		mqueue_text_add_next(b, c, m);
}

/* What could not be read, and why. */
static void
mqueue_text_add_failure(struct buf *b, const struct mqueue_measure *m)
{
	if (m->reason != NULL) {
		buf_adds(b,
		    m->count.failed != 0 ? "cannot be read there: " :
					   "not all counted there: ");
		mqueue_text_add_path(b, m->reason);
		return;
	}
	if (m->queue->ndirs > 1)
		buf_addf(b,
		    "%zu of %zu directories cannot be read: ", m->count.failed,
		    m->queue->ndirs);
	else
		buf_adds(b, "cannot be read: ");
	mqueue_text_add_path(b, m->count.failed_dir->path);
	buf_addf(b, ": %s", strerror(m->count.error));
}

/* A threshold as it is typed; "-" where there is none. */
static void
mqueue_text_add_threshold(struct buf *b, enum mqueue_config_metric metric,
    const struct range *r)
{
	if (r == NULL)
		buf_addc(b, '-');
	else if (metric == MQUEUE_CONFIG_AGE ||
	    metric == MQUEUE_CONFIG_HELD_AGE)
		num_add_duration(b, (int64_t)r->end);
	else if (metric == MQUEUE_CONFIG_FORECAST)
		num_add_duration(b, (int64_t)r->start);
	else
		range_add(b, r);
}

/* Why a metric has no WARNING, where a default plays a part. */
static void
mqueue_text_add_shadowed(struct buf *b, const struct mqueue_judge_finding *f)
{
	buf_addf(b, "%s: the warning limit ", mqueue_text_metric(f->metric));
	mqueue_text_add_threshold(b, f->metric, f->rule);
	buf_adds(b, " is of no use beside the critical limit ");
	mqueue_text_add_threshold(b, f->metric, f->critical);
	buf_adds(b, "; give both");
}

void
mqueue_text_add_thresholds(struct buf *b, const struct mqueue_config *c,
    const struct mqueue_measure *m)
{
	const struct range *warn, *crit;
	const char *comma = "";
	int i;

	for (i = MQUEUE_CONFIG_MESSAGES; i < MQUEUE_CONFIG_METRICS; i++) {
		warn = mqueue_config_find(c, (enum mqueue_config_metric)i,
		    RESULT_WARNING, m->queue->name, m->queue->role);
		crit = mqueue_config_find(c, (enum mqueue_config_metric)i,
		    RESULT_CRITICAL, m->queue->name, m->queue->role);
		if (warn == NULL && crit == NULL)
			continue;
		buf_addf(b, "%s%s ", comma,
		    mqueue_text_metric((enum mqueue_config_metric)i));
		mqueue_text_add_threshold(b, (enum mqueue_config_metric)i,
		    warn);
		buf_addc(b, ' ');
		mqueue_text_add_threshold(b, (enum mqueue_config_metric)i,
		    crit);
		comma = ", ";
	}
}

/* Was nothing at all read of the queue? */
static bool
mqueue_text_is_unread(const struct mqueue_measure *m)
{
	const struct scan_count *n = &m->count;

	return n->failed == m->queue->ndirs &&
	    n->queued + n->held + n->lost == 0;
}

/* Has any of the messages an age? */
static bool
mqueue_text_has_age(const struct mqueue_measure *m)
{
	return m->count.queued > m->count.future + m->count.undated;
}

/* "oldest 14m", "oldest between 20s and 2h" */
static void
mqueue_text_add_oldest(struct buf *b, const struct mqueue_measure *m)
{
	const struct scan_count *n = &m->count;

	buf_adds(b,
	    mqueue_measure_is_age_open(m) ? "oldest between " : "oldest ");
	num_add_duration(b, n->oldest);
	if (!mqueue_measure_is_age_open(m))
		return;
	buf_adds(b, " and ");
	num_add_duration(b, n->oldest_max);
}

/* "5 older than 15m", "5 to 40 older than 15m" */
static void
mqueue_text_add_lateness(struct buf *b, const struct mqueue_measure *m)
{
	buf_addf(b, "%" PRIu64, m->count.late);
	if (m->count.late_max > m->count.late)
		buf_addf(b, " to %" PRIu64, m->count.late_max);
	buf_adds(b, " older than ");
	num_add_duration(b, m->late_after);
}

static const char *
mqueue_text_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* "+45/min", "-0.5/min"; nothing where it rounds to none. */
static void
mqueue_text_add_rate(struct buf *b, double rate)
{
	double shown = fabs(rate) >= 10 ? round(rate) : round(rate * 10) / 10;

	if (shown == 0)
		return;
	if (shown > 0)
		buf_addc(b, '+');
	num_add_decimal(b, shown);
	buf_adds(b, "/min");
}

static void
mqueue_text_add_dirs(struct buf *b, const struct mqueue_measure *m)
{
	mqueue_text_add_path(b, m->queue->dirs[0].path);
	if (m->queue->ndirs > 1)
		buf_addf(b, " and %zu more", m->queue->ndirs - 1);
}

void
mqueue_text_add_detail(struct buf *b, const struct mqueue_measure *m)
{
	const struct scan_count *n = &m->count;

	if (mqueue_text_is_unread(m)) {
		buf_adds(b, "not counted; ");
		mqueue_text_add_dirs(b, m);
		return;
	}
	buf_addf(b, "%s%" PRIu64 " message%s, ", mqueue_text_bound(m),
	    n->queued, mqueue_text_plural(n->queued));
	mqueue_text_add_lateness(b, m);
	if (mqueue_text_has_age(m)) {
		buf_adds(b, ", ");
		mqueue_text_add_oldest(b, m);
	}
	dated_add(b, ", ", n->future, n->undated);
	if (m->has_rate) {
		buf_adds(b, ", ");
		if (fabs(m->rate) < 0.05)
			buf_adds(b, "steady");
		else
			mqueue_text_add_rate(b, m->rate);
	}
	buf_addf(b, ", %" PRIu64 " quarantined, %" PRIu64 " lost", n->held,
	    n->lost);
	if (m->nstranded != 0)
		buf_addf(b, ", %" PRIu64 " stranded", m->nstranded);
	buf_adds(b, "; ");
	mqueue_text_add_dirs(b, m);
}

/*
 * " (+45/min, 3000 in 38m)"; without the forecast where a finding of its own
 * tells it.
 */
static void
mqueue_text_add_growth(struct buf *b, const struct mqueue_judge *j)
{
	size_t start = b->len;

	if (!j->m->has_rate)
		return;
	buf_adds(b, " (");
	mqueue_text_add_rate(b, j->m->rate);
	if (b->len == start + 2) {
		buf_truncate(b, start);
		return;
	}
	if (j->forecast <= MQUEUE_TEXT_FORECAST &&
	    !mqueue_judge_alerts(j, MQUEUE_CONFIG_FORECAST)) {
		buf_adds(b, ", ");
		num_add_decimal(b, j->limit);
		buf_adds(b, " in ");
		num_add_duration(b, (int64_t)j->forecast);
	}
	buf_addc(b, ')');
}

/* Would a duration read the same as the limit from which it differs? */
static bool
mqueue_text_reads_same(struct buf *scratch, double value, double limit)
{
	size_t start = scratch->len, middle, end;
	bool same;

	num_add_duration(scratch, (int64_t)value);
	middle = scratch->len;
	num_add_duration(scratch, (int64_t)limit);
	end = scratch->len;
	same = !scratch->oom && middle - start == end - middle &&
	    memcmp(scratch->data + start, scratch->data + middle,
		end - middle) == 0;
	buf_truncate(scratch, start);
	return same;
}

/* A number as the first line shows it, whether it alerts or not. */
static void
mqueue_text_add_number(struct buf *b, const struct mqueue_judge *j,
    enum mqueue_config_metric metric, bool exact)
{
	const struct mqueue_measure *m = j->m;
	const struct scan_count *n = &m->count;

	switch (metric) {
	case MQUEUE_CONFIG_MESSAGES:
		buf_addf(b, "%s%" PRIu64 " message%s", mqueue_text_bound(m),
		    n->queued, mqueue_text_plural(n->queued));
		break;
	case MQUEUE_CONFIG_AGE:
		if (!exact) {
			mqueue_text_add_oldest(b, m);
			break;
		}
		buf_addf(b, "oldest %s",
		    mqueue_measure_is_age_open(m) ? "at least " : "");
		mqueue_text_add_value(b, metric, (double)n->oldest, true);
		break;
	case MQUEUE_CONFIG_FORECAST:
		buf_adds(b, "reaches ");
		num_add_decimal(b, j->limit);
		buf_adds(b, " in ");
		mqueue_text_add_value(b, metric, j->forecast, exact);
		break;
	case MQUEUE_CONFIG_QUARANTINED:
		buf_addf(b, "%s%" PRIu64 " quarantined", mqueue_text_bound(m),
		    n->held);
		break;
	case MQUEUE_CONFIG_LOST:
		buf_addf(b, "%s%" PRIu64 " lost", mqueue_text_bound(m),
		    n->lost);
		break;
	case MQUEUE_CONFIG_STRANDED:
		buf_addf(b, "%" PRIu64 " stranded", m->nstranded);
		break;
	case MQUEUE_CONFIG_HELD_AGE:
		buf_adds(b, "oldest held ");
		mqueue_text_add_value(b, metric, (double)n->oldest_held, exact);
		break;
	}
}

/*
 * Why a value alerts, for the first line, where what alerts comes before the
 * other numbers: "1300 messages, over 1200", "oldest 17m, over 15m", "reaches
 * 3000 in 38m, under 1h", "2 lost, over 0".
 */
static void
mqueue_text_add_alert(struct buf *b, const struct mqueue_judge *j,
    const struct mqueue_judge_finding *f)
{
	enum mqueue_config_metric metric = f->metric;
	bool exact = false;

	if (metric == MQUEUE_CONFIG_AGE || metric == MQUEUE_CONFIG_HELD_AGE)
		exact = mqueue_text_reads_same(b, f->value, f->rule->end);
	else if (metric == MQUEUE_CONFIG_FORECAST)
		exact = mqueue_text_reads_same(b, f->value, f->rule->start);
	mqueue_text_add_number(b, j, metric, exact);
	buf_adds(b, ", ");
	mqueue_text_add_limit(b, metric, f->value, f->rule, exact);
}

/* What could not be read, for the first line. */
static void
mqueue_text_add_unread(struct buf *b, const struct mqueue_measure *m)
{
	if (mqueue_text_is_unread(m))
		buf_adds(b, "cannot be read: ");
	else if (m->reason != NULL)
		buf_adds(b, "not all counted: ");
	else
		buf_addf(b,
		    "%zu of %zu directories cannot be read: ", m->count.failed,
		    m->queue->ndirs);
	if (m->reason != NULL)
		mqueue_text_add_path(b, m->reason);
	else
		buf_adds(b, strerror(m->count.error));
}

/* --- findings ---------------------------------------------------------- */

const char *
mqueue_text_subject(const struct mqueue_judge_finding *f)
{
	switch (f->kind) {
	case MQUEUE_JUDGE_VALUE:
		return mqueue_text_metric(f->metric);
	case MQUEUE_JUDGE_UNDATED:
		return "dates";
	case MQUEUE_JUDGE_OPEN_AGE:
		return "age range";
	case MQUEUE_JUDGE_SHADOWED:
		return "limits";
	default:
		return "reading";
	}
}

static void
mqueue_text_add_finding_summary(struct buf *b, const struct mqueue_config *c,
    const struct mqueue_judge *j, const struct mqueue_judge_finding *f)
{
	const struct scan_count *n = &j->m->count;

	if (f->kind == MQUEUE_JUDGE_UNREAD)
		mqueue_text_add_unread(b, j->m);
	else if (f->kind == MQUEUE_JUDGE_LATE)
		buf_addf(b, "not all counted within %ds", c->timeout);
	else if (f->kind == MQUEUE_JUDGE_VALUE)
		mqueue_text_add_alert(b, j, f);
	else if (f->kind == MQUEUE_JUDGE_UNDATED)
		dated_add(b, "", n->future, n->undated);
}

static void
mqueue_text_add_finding_detail(struct buf *b, const struct mqueue_config *c,
    const struct mqueue_judge *j, const struct mqueue_judge_finding *f)
{
	const struct scan_count *n = &j->m->count;

	switch (f->kind) {
	case MQUEUE_JUDGE_UNREAD:
		mqueue_text_add_failure(b, j->m);
		break;
	case MQUEUE_JUDGE_LATE:
		buf_addf(b, "not counted to the end within %ds", c->timeout);
		break;
	case MQUEUE_JUDGE_VALUE:
		mqueue_text_add_reason(b, j->m, f);
		break;
	case MQUEUE_JUDGE_UNDATED:
		dated_add(b, "", n->future, n->undated);
		buf_adds(b, "; how long they wait is not known");
		break;
	case MQUEUE_JUDGE_OPEN_AGE:
		mqueue_text_add_open_age(b, j->m);
		break;
	case MQUEUE_JUDGE_SHADOWED:
		mqueue_text_add_shadowed(b, f);
		break;
	}
}

static void
mqueue_text_add_finding_advice(struct buf *b, const struct mqueue_config *c,
    const struct mqueue_judge *j, const struct mqueue_judge_finding *f)
{
	const struct mqueue_measure *m = j->m;

	if (f->kind == MQUEUE_JUDGE_UNREAD && m->reason == NULL)
		buf_adds(b, m->remedy != NULL ? m->remedy : "");
	else if (f->kind == MQUEUE_JUDGE_LATE)
		buf_adds(b, "give it more time: -t SEC");
	else if (f->kind == MQUEUE_JUDGE_VALUE && f->advise)
		mqueue_text_add_advice(b, c, m, f->metric);
	else if (f->kind == MQUEUE_JUDGE_UNDATED)
		buf_adds(b, dated_advice);
}

void
mqueue_text_add_finding(struct buf *b, enum result_text which,
    const struct mqueue_config *c, const struct mqueue_judge *j,
    const struct mqueue_judge_finding *f)
{
	if (which == RESULT_SUMMARY)
		mqueue_text_add_finding_summary(b, c, j, f);
	else if (which == RESULT_DETAIL)
		mqueue_text_add_finding_detail(b, c, j, f);
	else
		mqueue_text_add_finding_advice(b, c, j, f);
}

/* --- the first line ---------------------------------------------------- */

/* The findings that alert, or those that do not; how many there were. */
static size_t
mqueue_text_add_findings(struct buf *b, const struct result *node,
    const struct mqueue_judge *j, bool alerting)
{
	const struct result *f;
	size_t i, n = 0;

	for (i = 0; i < node->nchild; i++) {
		f = node->child[i];
		if (f->text[RESULT_SUMMARY] == NULL ||
		    (f->state != RESULT_OK) != alerting)
			continue;
		buf_adds(b, n++ == 0 && alerting ? " " : ", ");
		buf_adds(b, f->text[RESULT_SUMMARY]);
		if (strcmp(f->subject,
			mqueue_text_metric(MQUEUE_CONFIG_MESSAGES)) == 0)
			mqueue_text_add_growth(b, j);
	}
	return n;
}

/* What alerts comes first, worst first; then what else is known. */
void
mqueue_text_add_summary(struct buf *b, const struct result *node,
    const struct mqueue_judge *j)
{
	const struct mqueue_measure *m = j->m;
	size_t alerts;

	mqueue_text_add_name(b, m->queue->name);
	alerts = mqueue_text_add_findings(b, node, j, true);
	if (mqueue_text_is_unread(m))
		return;
	if (!mqueue_judge_alerts(j, MQUEUE_CONFIG_MESSAGES)) {
		buf_adds(b, alerts != 0 ? ", " : " ");
		mqueue_text_add_number(b, j, MQUEUE_CONFIG_MESSAGES, false);
		mqueue_text_add_growth(b, j);
	}
	if (mqueue_text_has_age(m) &&
	    !mqueue_judge_alerts(j, MQUEUE_CONFIG_AGE)) {
		buf_adds(b, ", ");
		mqueue_text_add_oldest(b, m);
	}
	mqueue_text_add_findings(b, node, j, false);
}

void
mqueue_text_add_short(struct buf *b, const struct mqueue_measure *m)
{
	mqueue_text_add_name(b, m->queue->name);
	buf_addf(b, " %s%" PRIu64, mqueue_text_bound(m), m->count.queued);
}

void
mqueue_text_add_no_growth(struct buf *b, enum result_text which,
    enum result_state state, const char *why)
{
	if (which == RESULT_SUMMARY && state != RESULT_OK)
		buf_addf(b, "no forecast: %s", why);
	else if (which == RESULT_DETAIL)
		buf_addf(b, "not known: %s", why);
	else if (which == RESULT_ADVICE)
		buf_adds(b,
		    "name a directory that this user may write:"
		    " --state-dir DIR or MP_STATE_PATH");
}
