/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flush.c - changes many messages: locked, looked at again, journaled
 *
 * Workers are threads that take batches of names in turn; the calling thread
 * is the first of them.  A worker has the locks of its batch until all of it
 * is done, which a queue run takes for messages that someone else works on.
 *
 * Where space, memory or descriptors don't suffice, a worker does what it could
 * prepare, and goes on when no other has a batch and no old file lingers: they
 * have what is missing.  Only what fails then has failed.
 *
 * When it is stopped, batches that are being changed are finished, and others
 * are left as they are.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/sys.h"
#include "base/thread.h"
#include "change/flush.h"

#define FLUSH_SPARE 64        /* descriptors that others may need */
#define FLUSH_EACH  2         /* descriptors of one message */
#define FLUSH_RCPTS 200       /* bytes of recipients in the journal */
#define FLUSH_TEXTS (8 << 20) /* bytes of texts end a batch */

/*
 * So many new files are synced one by one, and more by their file system, if
 * that was quick the last time.  One by one takes 0.5 to 2 ms each, whatever
 * others do; the file system takes 5 to 50 ms for 256 files, and seconds where
 * somebody else writes much.
 */
#define FLUSH_SYNC_EACH 32
#define FLUSH_SYNC_SLOW 500 /* milliseconds */

struct flush {
	const struct flush_options *opt;
	const struct gather_name *names;
	size_t n;
	size_t batch;
	atomic_size_t next;
	atomic_size_t done;
	atomic_bool failed;    /* fatally */
	atomic_bool slow;      /* to sync all of a file system */
	pthread_rwlock_t room; /* read: has a batch; write: has the only one */
};

/* One message of a batch. */
struct flush_item {
	struct change change;
	enum change_result result;
	size_t at;    /* of its result in the lines */
	size_t index; /* of its name */
};

struct flush_worker {
	struct flush *flush;
	bool first; /* the calling thread */
	pthread_t thread;
	struct flush_item *item;
	size_t n;
	size_t *again; /* indices of what found no room in a batch */
	size_t nagain;
	bool alone;       /* no other has a batch */
	bool cramped;     /* there was no room for more in the batch */
	struct buf lines; /* of the journal */
	struct flush_count count;
	bool oom;
};

/* --- counting ------------------------------------------------------------ */

static void
flush_count_add(struct flush_count *to, const struct flush_count *from)
{
	size_t i;

	for (i = 0; i < CHANGE_RESULTS; i++) {
		if (to->n[i] == 0)
			to->example[i] = from->example[i];
		to->n[i] += from->n[i];
	}
	if (to->fatal == NULL) {
		to->fatal = from->fatal;
		to->error = from->error;
		to->journal = from->journal;
	}
}

static void
flush_fatal(struct flush_worker *w, const char *what, int error, bool journal)
{
	if (w->count.fatal == NULL) {
		w->count.fatal = what;
		w->count.error = error;
		w->count.journal = journal;
	}
	w->flush->failed = true;
}

static void
flush_note(struct flush_worker *w, const struct change *c,
    enum change_result result)
{
	struct flush_example *e = &w->count.example[result];

	if (w->count.n[result]++ == 0) {
		*e = (struct flush_example){
			.place = c->place,
			.why = c->why,
			.error = c->error,
			.bytes = c->text.len,
		};
		memcpy(e->name, c->name, strlen(c->name) + 1);
	}
	if (result == CHANGE_FAILED && change_is_fatal(c->error))
		flush_fatal(w, c->why, c->error, false);
}

/*
 * May this be done later, when there is more room?  Not if nobody else has
 * any, and the batch is of one message.
 */
static bool
flush_is_later(const struct flush_worker *w, int error)
{
	return change_is_room(error) && !(w->alone && w->n <= 1);
}

/* --- one batch ----------------------------------------------------------- */

static bool
flush_is_over(const struct flush *f)
{
	return f->failed || (f->opt->stop != NULL && *f->opt->stop != 0);
}

struct flush_told {
	const struct selector *selector;
	struct selector_recipients to;
};

static void
flush_tell(void *arg, struct span address)
{
	struct flush_told *t = arg;

	selector_tell(t->selector, &t->to, address);
}

/* Is a message that was locked and read what was selected? */
static bool
flush_is_wanted(const struct flush_options *opt, const struct change *c)
{
	struct flush_told t = { .selector = opt->wanted->selector };
	struct envelope e;

	if (t.selector != NULL && selector_asks_recipients(t.selector))
		mta_parse(opt->mta, &e, c->text.data, c->text.len, flush_tell,
		    &t);
	return wanted_judge(opt->wanted,
		   mta_state(opt->mta, opt->mta->dirs, c->name), &c->envelope,
		   &t.to) == WANTED_YES;
}

/* Locks a message and makes sure that it is what was selected. */
static enum change_result
flush_claim(const struct flush_options *opt, struct change *c)
{
	enum change_result r = opt->mta->claim(c, opt->homes);

	if (r != CHANGE_DONE)
		return r;
	if (!flush_is_wanted(opt, c))
		return change_refuse(c, CHANGE_OTHER,
		    "no longer what was selected");
	return opt->mta->prepare(c, opt->action, opt->reason);
}

/*
 * Takes the names from first to end into the batch, or so many that there is
 * room for.  Returns the index of the next one.
 */
static size_t
flush_collect(struct flush_worker *w, size_t first, size_t end)
{
	struct flush *f = w->flush;
	struct flush_item *item;
	enum change_result r;
	size_t i, texts = 0;

	w->n = 0;
	for (i = first; i < end && texts < FLUSH_TEXTS && !flush_is_over(f);
	     i++) {
		item = &w->item[w->n];
		item->index = i;
		change_init(&item->change,
		    &f->opt->places->v[f->names[i].place], f->names[i].name);
		if ((r = flush_claim(f->opt, &item->change)) == CHANGE_DONE) {
			texts += item->change.text.len;
			w->n++;
			continue;
		}
		w->cramped = r == CHANGE_FAILED &&
		    change_is_room(item->change.error) &&
		    !(w->alone && w->n == 0);
		if (!w->cramped)
			flush_note(w, &item->change, r);
		change_drop(&item->change);
		if (w->cramped)
			break;
	}
	return i;
}

struct flush_recipients {
	struct buf *text;
	size_t left; /* bytes there is room for */
};

static void
flush_recipient(void *arg, struct span address)
{
	struct flush_recipients *r = arg;

	if (address.n + 1 > r->left)
		return;
	buf_addc(r->text, ',');
	clean_add_line(r->text, address.p, address.n);
	r->left -= address.n + 1;
}

/* "3:a@b,c@d,..." */
static void
flush_recipients(struct buf *b, const struct mta *mta, const struct change *c)
{
	struct flush_recipients r = { b, FLUSH_RCPTS };
	struct envelope e;
	size_t at;

	buf_addf(b, "%ju", (uintmax_t)c->envelope.recipients);
	at = b->len;
	mta_parse(mta, &e, c->text.data, c->text.len, flush_recipient, &r);
	if (!b->oom && b->len > at)
		b->data[at] = ':';
}

static int
flush_journal(struct flush_worker *w, off_t *at)
{
	const struct flush_options *opt = w->flush->opt;
	int64_t now = when_wall(opt->clock);
	struct buf recipients = BUF_INIT;
	const struct change *c;
	const struct place *home;
	size_t i;

	buf_truncate(&w->lines, 0);
	for (i = 0; i < w->n; i++) {
		c = &w->item[i].change;
		home = c->place->home != NULL ? c->place->home : c->place;
		buf_truncate(&recipients, 0);
		flush_recipients(&recipients, opt->mta, c);
		w->item[i].at = journal_add(&w->lines, now,
		    change_action_name(opt->action), home->path,
		    mta_id(opt->mta, c->name).p, &c->envelope,
		    recipients.oom ? "" : buf_str(&recipients));
	}
	buf_free(&recipients);
	return journal_begin(opt->journal, &w->lines, at);
}

/*
 * All of the file system, which waits for what everybody else has written.
 * 0; 1: that can't be, or is too slow; or -1 with errno.
 */
static int
flush_sync_all(struct flush *f, int fd)
{
	int64_t began = when_mono(f->opt->clock);

	if (f->slow)
		return 1;
	if (sys_sync_all(fd) != 0)
		return errno == ENOSYS ? 1 : -1;
	if (when_mono(f->opt->clock) - began > FLUSH_SYNC_SLOW)
		f->slow = true;
	return 0;
}

/* The new texts of a batch, to the disk, while all its messages are locked. */
static int
flush_sync(const struct flush_worker *w)
{
	const struct change *c;
	int fd[FLUSH_BATCH], rc = 1;
	bool same = true;
	dev_t dev = 0;
	size_t i, n = 0;

	for (i = 0; i < w->n; i++) {
		c = &w->item[i].change;
		if (c->new_fd == -1)
			continue;
		same = same && (n == 0 || c->st.st_dev == dev);
		dev = c->st.st_dev;
		fd[n++] = c->new_fd;
	}
	if (n > FLUSH_SYNC_EACH && same)
		rc = flush_sync_all(w->flush, fd[0]);
	return rc == 1 ? sys_sync_files(fd, n) : rc;
}

static void
flush_commit(struct flush_worker *w)
{
	const struct flush_options *opt = w->flush->opt;
	struct flush_item *item;
	size_t i;

	for (i = 0; i < w->n; i++) {
		item = &w->item[i];
		item->result = opt->mta->commit(&item->change, opt->action);
		if (item->result == CHANGE_FAILED && !item->change.begun &&
		    flush_is_later(w, item->change.error)) {
			journal_set(&w->lines, item->at, JOURNAL_UNDONE);
			w->again[w->nagain++] = item->index;
			continue;
		}
		flush_note(w, &item->change, item->result);
		journal_set(&w->lines, item->at,
		    change_result_name(item->result));
	}
}

/* None of the batch could be done: each later, or never. */
static void
flush_undone(struct flush_worker *w, const char *what, bool journal)
{
	int error = errno;
	size_t i;

	if (!flush_is_later(w, error)) {
		flush_fatal(w, what, error, journal);
		return;
	}
	for (i = 0; i < w->n; i++)
		w->again[w->nagain++] = w->item[i].index;
}

/* Enters what was collected in the journal, and does it. */
static void
flush_do(struct flush_worker *w)
{
	struct flush *f = w->flush;
	size_t i;
	off_t at;

	if (flush_journal(w, &at) != 0) {
		flush_undone(w, "the journal can't be written", true);
		return;
	}
	if (flush_sync(w) == 0) {
		flush_commit(w);
	} else {
		flush_undone(w, "new control files can't be synced to the disk",
		    false);
		for (i = 0; i < w->n; i++)
			journal_set(&w->lines, w->item[i].at, JOURNAL_UNDONE);
	}
	if (journal_end(f->opt->journal, &w->lines, at) != 0)
		flush_fatal(w, "results can't be written to the journal", errno,
		    true);
}

/* One batch of the names from first on; returns the index of the next one. */
static size_t
flush_step(struct flush_worker *w, size_t first, size_t end, bool alone)
{
	struct flush *f = w->flush;
	size_t next, i;

	w->alone = alone;
	w->cramped = false;
	if (alone) {
		pthread_rwlock_wrlock(&f->room);
		linger_drain(f->opt->linger);
	} else {
		pthread_rwlock_rdlock(&f->room);
	}
	next = flush_collect(w, first, end);
	if (w->n != 0 && !flush_is_over(f))
		flush_do(w);
	for (i = 0; i < w->n; i++)
		change_leave(&w->item[i].change, f->opt->linger);
	pthread_rwlock_unlock(&f->room);
	return next;
}

/*
 * What could not be done with others, by itself; and when no other has a batch
 * only if that fails, too: to wait for what lingers, for each message, takes
 * a quarter of a second, and the journal finds no room by it.
 */
static void
flush_again(struct flush_worker *w, size_t i)
{
	size_t index = w->again[i];

	w->nagain = 0;
	flush_step(w, index, index + 1, false);
	if (w->nagain != 0 || w->cramped)
		flush_step(w, index, index + 1, true);
}

static void
flush_batch(struct flush_worker *w, size_t first, size_t end)
{
	struct flush *f = w->flush;
	bool cramped = false;
	size_t next, i, n;

	for (; first < end && !flush_is_over(f); first = next) {
		w->nagain = 0;
		next = flush_step(w, first, end, cramped);
		cramped = w->cramped;
		n = w->nagain;
		for (i = 0; i < n && !flush_is_over(f); i++)
			flush_again(w, i);
		atomic_fetch_add(&f->done, next - first);
	}
}

/* --- workers ------------------------------------------------------------- */

static void *
flush_work(void *arg)
{
	struct flush_worker *w = arg;
	struct flush *f = w->flush;
	size_t first, end;

	w->item = calloc(f->batch, sizeof(*w->item));
	w->again = calloc(f->batch, sizeof(*w->again));
	if (w->item == NULL || w->again == NULL) {
		w->oom = true;
		goto out;
	}
	while (!flush_is_over(f) &&
	    (first = atomic_fetch_add(&f->next, f->batch)) < f->n) {
		end = f->n - first < f->batch ? f->n : first + f->batch;
		flush_batch(w, first, end);
		if (w->first && f->opt->progress != NULL)
			f->opt->progress(f->opt->progress_arg, f->done, f->n);
	}
out:
	free(w->item);
	free(w->again);
	buf_free(&w->lines);
	return NULL;
}

static size_t
flush_workers(const struct flush_options *opt, size_t n)
{
	long cpus = opt->workers != 0 ? (long)opt->workers :
					sysconf(_SC_NPROCESSORS_ONLN);
	size_t useful = (n + FLUSH_BATCH - 1) / FLUSH_BATCH;

	if (cpus < 1)
		cpus = 1;
	if (cpus > FLUSH_WORKERS)
		cpus = FLUSH_WORKERS;
	return (size_t)cpus < useful ? (size_t)cpus : useful;
}

size_t
flush_files(const struct place_list *places, const struct place_list *homes)
{
	return FLUSH_SPARE + 3 * (places->n + homes->n) + FLUSH_EACH;
}

/* How many messages a worker may have open at once. */
static size_t
flush_batch_size(const struct flush_options *opt, size_t workers)
{
	size_t taken = flush_files(opt->places, opt->homes) - FLUSH_EACH +
	    opt->linger->max;
	size_t batch = FLUSH_BATCH;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY)
		batch = limit.rlim_cur > taken ?
		    (size_t)(limit.rlim_cur - taken) / workers / FLUSH_EACH :
		    1;
	return batch < 1 ? 1 : batch < FLUSH_BATCH ? batch : FLUSH_BATCH;
}

int
flush_run(const struct gather_name *names, size_t n,
    const struct flush_options *opt, struct flush_count *count)
{
	struct flush f = { .opt = opt, .names = names, .n = n };
	struct flush_worker worker[FLUSH_WORKERS] = { { .flush = &f } };
	size_t workers = flush_workers(opt, n), started, i;
	int rc = 0;

	if (n == 0)
		return 0;
	f.batch = flush_batch_size(opt, workers);
	pthread_rwlock_init(&f.room, NULL);
	for (i = 0; i < workers; i++)
		worker[i].flush = &f;
	for (started = 1; started < workers; started++)
		if (thread_start(&worker[started].thread, flush_work,
			&worker[started]) != 0)
			break;
	worker[0].first = true;
	flush_work(&worker[0]);
	for (i = 1; i < started; i++)
		pthread_join(worker[i].thread, NULL);
	for (i = 0; i < started; i++) {
		flush_count_add(count, &worker[i].count);
		if (worker[i].oom)
			rc = -1;
	}
	pthread_rwlock_destroy(&f.room);
	errno = rc != 0 ? ENOMEM : 0;
	return rc;
}
