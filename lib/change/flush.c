/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flush.c - changes many messages, in batches, by several threads
 *
 * Workers are threads that take batches of names in turn; the calling thread
 * is the first of them.  A worker has claimed its batch until all of it is
 * done; to a server that locks its files, that is a process that works on them.
 *
 * Where space, memory or descriptors don't suffice, a worker does what it could
 * prepare, and goes on when no other has a batch and the server keeps no file
 * of an earlier one: they have what is missing.  Only what fails then has
 * failed.
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

#include "base/thread.h"
#include "change/flush.h"

#define FLUSH_SPARE 64        /* descriptors that others may need */
#define FLUSH_TEXTS (8 << 20) /* bytes of texts end a batch */

struct flush {
	const struct flush_options *opt;
	const struct gather_name *names;
	size_t n;
	size_t batch;
	atomic_size_t next;
	atomic_size_t done;
	atomic_bool failed;    /* fatally */
	pthread_rwlock_t room; /* read: has a batch; write: has the only one */
};

struct flush_worker {
	struct flush *flush;
	bool first; /* the calling thread */
	pthread_t thread;
	struct batch batch;
	size_t *again; /* indices of what found no room in a batch */
	size_t nagain;
	bool alone;   /* no other has a batch */
	bool cramped; /* there was no room for more in the batch */
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
flush_note(struct flush_worker *w, const struct batch_item *item,
    enum change_result result)
{
	struct flush_example *e = &w->count.example[result];
	const struct mta_claim *c = &item->claim;

	if (w->count.n[result]++ == 0) {
		*e = (struct flush_example){
			.place = item->message.place,
			.why = c->why,
			.error = c->error,
			.bytes = c->bytes,
		};
		memcpy(e->name, item->message.name,
		    strlen(item->message.name) + 1);
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
	return change_is_room(error) && !(w->alone && w->batch.n <= 1);
}

/* --- one batch ----------------------------------------------------------- */

static bool
flush_is_over(const struct flush *f)
{
	return f->failed || (f->opt->stop != NULL && *f->opt->stop != 0);
}

/*
 * Takes the names from first to end into the batch, or so many that there is
 * room for.  Returns the index of the next one.
 */
static size_t
flush_collect(struct flush_worker *w, size_t first, size_t end)
{
	struct flush *f = w->flush;
	struct batch *b = &w->batch;
	struct batch_item failed;
	enum change_result r;
	size_t i;

	for (i = first; i < end && b->bytes < FLUSH_TEXTS && !flush_is_over(f);
	     i++) {
		r = batch_claim(b, &f->names[i], i, &failed);
		if (r == CHANGE_DONE)
			continue;
		w->cramped = r == CHANGE_FAILED &&
		    change_is_room(failed.claim.error) &&
		    !(w->alone && b->n == 0);
		if (w->cramped)
			break;
		flush_note(w, &failed, r);
	}
	return i;
}

/* Counts what was done, and what has to be done later. */
static void
flush_results(struct flush_worker *w)
{
	struct batch *b = &w->batch;
	struct batch_item *item;
	size_t i;

	for (i = 0; i < b->n; i++) {
		item = &b->item[i];
		if (item->claim.result == CHANGE_FAILED && !item->claim.begun &&
		    flush_is_later(w, item->claim.error)) {
			item->undone = true;
			w->again[w->nagain++] = item->index;
			continue;
		}
		flush_note(w, item, item->claim.result);
	}
}

/* None of the batch could be done: each later, or never. */
static void
flush_undone(struct flush_worker *w, const char *what, bool journal)
{
	int error = errno;
	size_t i;

	for (i = 0; i < w->batch.n; i++)
		w->batch.item[i].undone = true;
	if (!flush_is_later(w, error)) {
		flush_fatal(w, what, error, journal);
		return;
	}
	for (i = 0; i < w->batch.n; i++)
		w->again[w->nagain++] = w->batch.item[i].index;
}

/* Enters what was collected in the journal, and does it. */
static void
flush_do(struct flush_worker *w)
{
	const char *why;

	if (batch_enter(&w->batch) != 0) {
		flush_undone(w, "the journal can't be written", true);
		return;
	}
	if (batch_commit(&w->batch, &why) == 0)
		flush_results(w);
	else
		flush_undone(w, why, false);
	if (batch_end(&w->batch) != 0)
		flush_fatal(w, "results can't be written to the journal", errno,
		    true);
}

/* One batch of the names from first on; returns the index of the next one. */
static size_t
flush_step(struct flush_worker *w, size_t first, size_t end, bool alone)
{
	struct flush *f = w->flush;
	const struct batch_run *run = &f->opt->run;
	size_t next;

	w->alone = alone;
	w->cramped = false;
	if (alone) {
		pthread_rwlock_wrlock(&f->room);
		if (run->mta->change->wait != NULL)
			run->mta->change->wait(run->session);
	} else {
		pthread_rwlock_rdlock(&f->room);
	}
	next = flush_collect(w, first, end);
	if (w->batch.n != 0 && !flush_is_over(f))
		flush_do(w);
	batch_clear(&w->batch);
	pthread_rwlock_unlock(&f->room);
	return next;
}

/*
 * What could not be done with others, by itself; and when no other has a batch
 * only if that fails, too: to wait, for each message, for what the server keeps
 * can take a quarter of a second, and the journal finds no room by it.
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

	w->again = calloc(f->batch, sizeof(*w->again));
	if (batch_init(&w->batch, &f->opt->run, f->batch) != 0 ||
	    w->again == NULL) {
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
	free(w->again);
	batch_free(&w->batch);
	return NULL;
}

static size_t
flush_workers(const struct flush_options *opt, size_t n)
{
	long cpus = opt->workers != 0 ? (long)opt->workers :
					sysconf(_SC_NPROCESSORS_ONLN);
	size_t useful = (n + MTA_CHANGE_BATCH - 1) / MTA_CHANGE_BATCH;

	if (cpus < 1)
		cpus = 1;
	if (cpus > FLUSH_WORKERS)
		cpus = FLUSH_WORKERS;
	return (size_t)cpus < useful ? (size_t)cpus : useful;
}

/* Those that are open all the while. */
static size_t
flush_files_taken(const struct batch_run *run)
{
	return FLUSH_SPARE +
	    run->mta->change->place_files *
	    (run->places->n + run->session->homes->n);
}

size_t
flush_files(const struct batch_run *run)
{
	return flush_files_taken(run) + run->mta->change->message_files;
}

/* How many messages a worker may have open at once. */
static size_t
flush_batch_size(const struct batch_run *run, size_t workers)
{
	size_t taken = flush_files_taken(run) + run->session->keep_files;
	size_t batch = MTA_CHANGE_BATCH;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY)
		batch = limit.rlim_cur > taken ?
		    (size_t)(limit.rlim_cur - taken) / workers /
			run->mta->change->message_files :
		    1;
	return batch < 1             ? 1 :
	    batch < MTA_CHANGE_BATCH ? batch :
				       MTA_CHANGE_BATCH;
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
	f.batch = flush_batch_size(&opt->run, workers);
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
