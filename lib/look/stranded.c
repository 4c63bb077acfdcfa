/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stranded.c - messages that no queue run delivers as they are
 *
 * Owns piles of names, a bounded number of suspects, and descriptors of
 * directories while it looks.  A server that runs creates the body before the
 * control file and removes it before that as well, and has a control file
 * beside every draft.  So what is taken for stranded has been there for
 * STRANDED_AGE, and is the same file still, and alone still, after
 * STRANDED_GAP.  Out of memory is kept in a flag that stranded_confirm()
 * tells.
 *
 * Limits: of messages, only the oldest are looked at for a body.  A control
 * file that is empty is left out, because sendmail removes it by itself.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/sys.h"
#include "look/elsewhere.h"
#include "look/stranded.h"

#define STRANDED_DRAFTS   256  /* a busy server has a few */
#define STRANDED_SUSPECTS 4096 /* of all queues */
#define STRANDED_BUDGET   1000 /* milliseconds for all first looks */
#define STRANDED_SHARE    4    /* but a part of the time that is left */
#define STRANDED_CLOCK    16   /* looks between two at the clock */

/* A name, and how old its message is, as far as is known. */
struct stranded_name {
	int64_t age;
	char name[STRANDED_NAME];
};

/* The oldest of one kind, as a heap whose first is the youngest of these. */
struct stranded_pile {
	struct stranded_name *v;
	size_t n, max;
	bool more; /* some did not fit in */
};

enum { PILE_QUEUED, PILE_HELD, PILE_DRAFTS, PILES };

struct stranded_suspect {
	const struct queue *queue;
	const struct queue_dir *dir;
	const struct mta_dir *in;
	enum stranded_kind kind;
	ino_t ino;
	bool cleared;
	char name[STRANDED_NAME];
};

/* The suspects of one directory, at the second look. */
struct stranded_batch {
	struct stranded *s;
	struct stranded_suspect *v;
	size_t n;
	int control_fd;
};

int
stranded_start(struct stranded *s, const struct queue_list *queues, int64_t now,
    size_t most)
{
	size_t i, max;

	*s = (struct stranded){ .queues = queues,
		.now = now,
		.budget = STRANDED_BUDGET };
	s->counts = calloc(queues->n + 1, sizeof(*s->counts));
	s->piles = calloc(PILES, sizeof(*s->piles));
	if (s->counts == NULL || s->piles == NULL)
		return -1;
	for (i = 0; i < PILES; i++) {
		max = i == PILE_DRAFTS ? STRANDED_DRAFTS : most;
		if ((s->piles[i].v = calloc(max, sizeof(*s->piles->v))) == NULL)
			return -1;
		s->piles[i].max = max;
	}
	return 0;
}

void
stranded_free(struct stranded *s)
{
	size_t i;

	for (i = 0; s->piles != NULL && i < PILES; i++)
		free(s->piles[i].v);
	free(s->piles);
	free(s->suspects);
	free(s->counts);
	*s = (struct stranded)STRANDED_INIT;
}

uint64_t
stranded_total(const struct stranded_count *c)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < STRANDED_KINDS; i++)
		n += c->n[i];
	return n;
}

bool
stranded_is_known(const struct stranded_count *c)
{
	return !c->unsure || stranded_total(c) != 0;
}

/* What can't be looked at: told by the count, or for want of memory by all. */
static void
stranded_miss(struct stranded *s, struct stranded_count *c)
{
	if (errno == ENOMEM)
		s->oom = true;
	c->partly = true;
}

static struct stranded_count *
stranded_count(struct stranded *s, const struct queue *q)
{
	return &s->counts[q - s->queues->v];
}

/* --- names, while a directory is listed ---------------------------------- */

static void
stranded_swap(struct stranded_name *a, struct stranded_name *b)
{
	struct stranded_name t = *a;

	*a = *b;
	*b = t;
}

/* Moves the first one down to where it belongs. */
static void
stranded_sink(struct stranded_pile *p)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < p->n) {
		if (child + 1 < p->n && p->v[child + 1].age < p->v[child].age)
			child++;
		if (p->v[i].age <= p->v[child].age)
			return;
		stranded_swap(&p->v[i], &p->v[child]);
		i = child;
	}
}

static void
stranded_push(struct stranded_pile *p, const char *name, size_t len,
    int64_t age)
{
	size_t i = p->n;

	if (len >= STRANDED_NAME || (p->n == p->max && age <= p->v[0].age)) {
		p->more = true;
		return;
	}
	if (p->n == p->max) {
		p->more = true;
		p->v[0].age = age;
		memcpy(p->v[0].name, name, len + 1);
		stranded_sink(p);
		return;
	}
	p->v[p->n].age = age;
	memcpy(p->v[p->n++].name, name, len + 1);
	for (; i != 0 && p->v[(i - 1) / 2].age > p->v[i].age; i = (i - 1) / 2)
		stranded_swap(&p->v[i], &p->v[(i - 1) / 2]);
}

/* The age of a message that may come from its name; 0: its inode will tell. */
static int64_t
stranded_age(const struct stranded *s, const struct mta_entry *e, int64_t age)
{
	if (age != STRANDED_NO_AGE)
		return age;
	return e->has_time ? s->now - e->time : 0;
}

void
stranded_note(struct stranded *s, const struct mta *mta,
    const struct mta_entry *e, const char *name, int64_t age)
{
	int pile = e->state == MTA_QUEUED ? PILE_QUEUED : PILE_HELD;

	if (e->state == MTA_NOTHING) {
		if (!e->draft)
			return;
		/* How old its message is says nothing of a draft. */
		pile = PILE_DRAFTS;
		age = 0;
	} else {
		age = stranded_age(s, e, age);
		if (mta->body_subdir == NULL ||
		    (age != 0 && age < STRANDED_AGE))
			return;
	}
	stranded_push(&s->piles[pile], name, strlen(name), age);
}

/* --- the first look ------------------------------------------------------- */

static void
stranded_suspect(struct stranded *s, const struct stranded_suspect *one)
{
	struct stranded_suspect *v = s->suspects;
	size_t n = s->nsuspects;

	if (n == STRANDED_SUSPECTS) {
		stranded_count(s, one->queue)->partly = true;
		return;
	}
	/* Doubled whenever n is a power of two. */
	if ((n & (n - 1)) == 0)
		v = realloc(v, (n == 0 ? 1 : n * 2) * sizeof(*v));
	if (v == NULL) {
		s->oom = true;
		return;
	}
	s->suspects = v;
	v[s->nsuspects++] = *one;
}

/* Is it a file that has not been touched for long?  Its inode is kept. */
static bool
stranded_is_old(const struct stranded *s, int control_fd, const char *name,
    int64_t age, struct stat *st)
{
	if (fstatat(control_fd, name, st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st->st_mode))
		return false;
	return age >= STRANDED_AGE ||
	    (int64_t)st->st_mtime <= s->now - STRANDED_AGE;
}

/* Has a draft no control file? */
static void
stranded_look_draft(struct stranded *s, const struct stranded_suspect *where,
    int control_fd, const struct stranded_name *name)
{
	struct stranded_suspect one = *where;
	struct stat st;

	if (!stranded_is_old(s, control_fd, name->name, 0, &st) ||
	    where->queue->mta->has_control(control_fd, name->name) != 0)
		return;
	one.kind = STRANDED_DRAFT;
	one.ino = st.st_ino;
	memcpy(one.name, name->name, sizeof(one.name));
	stranded_suspect(s, &one);
}

/* Has a control file no body?  -1: that can't be told. */
static int
stranded_look_body(struct stranded *s, const struct stranded_suspect *where,
    int control_fd, int body_fd, const struct stranded_name *name)
{
	struct stranded_suspect one = *where;
	struct stat st;
	int64_t bytes;

	if (where->queue->mta->body_size(control_fd, body_fd, name->name,
		&bytes) == 0)
		return 0;
	if (errno != ENOENT)
		return errno == EINVAL ? 0 : -1;
	if (!stranded_is_old(s, control_fd, name->name, name->age, &st) ||
	    st.st_size == 0)
		return 0;
	one.kind = STRANDED_BODYLESS;
	one.ino = st.st_ino;
	memcpy(one.name, name->name, sizeof(one.name));
	stranded_suspect(s, &one);
	return 0;
}

/* Looks at the piles; what there is no time for makes the count partly. */
static void
stranded_look_piles(struct stranded *s, const struct stranded_suspect *where,
    int control_fd, int body_fd, const struct when_deadline *deadline)
{
	struct stranded_count *c = stranded_count(s, where->queue);
	const struct stranded_pile *p;
	size_t i, n = 0;

	for (p = s->piles; p < s->piles + PILES; p++) {
		if (p->more)
			c->partly = true;
		for (i = 0; i < p->n; i++) {
			if (n++ % STRANDED_CLOCK == 0 &&
			    when_passed(deadline)) {
				c->partly = true;
				return;
			}
			if (p == s->piles + PILE_DRAFTS)
				stranded_look_draft(s, where, control_fd,
				    &p->v[i]);
			else if (stranded_look_body(s, where, control_fd,
				     body_fd, &p->v[i]) == 0)
				c->looked++;
			else
				c->partly = true;
		}
	}
}

/* Counts a message that needs no second look, or had it. */
static void
stranded_add(struct stranded_count *c, enum stranded_kind kind,
    const struct queue_dir *dir, const char *name)
{
	struct stranded_example *example = &c->example[kind];
	size_t len = strlen(name);

	if (c->n[kind]++ != 0 || len >= sizeof(example->name))
		return;
	example->dir = dir;
	memcpy(example->name, name, len + 1);
}

static bool
stranded_is_control(const struct stranded_suspect *where, int dir_fd,
    const struct dirent *e)
{
	enum sys_type type = sys_entry_type(e);
	struct stat st;

	if (mta_state(where->queue->mta, where->in, e->d_name) == MTA_NOTHING)
		return false;
	return type == SYS_FILE ||
	    (fstatat(dir_fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISREG(st.st_mode));
}

/*
 * Control files in the queue directory itself, of which the control files are
 * in a subdirectory: made there later, it hides what was there before.
 */
static void
stranded_look_beside(struct stranded *s, const struct stranded_suspect *where,
    int control_fd, const struct when_deadline *deadline)
{
	struct stranded_count *c = stranded_count(s, where->queue);
	DIR *d = opendir(where->dir->path);
	const struct dirent *e;
	struct stat here, control;
	size_t n = 0;

	if (d == NULL || fstat(dirfd(d), &here) != 0 ||
	    fstat(control_fd, &control) != 0) {
		stranded_miss(s, c);
	} else if (here.st_dev != control.st_dev ||
	    here.st_ino != control.st_ino) {
		while ((e = readdir(d)) != NULL) {
			if (n++ % STRANDED_CLOCK == 0 &&
			    when_passed(deadline)) {
				c->partly = true;
				break;
			}
			if (stranded_is_control(where, dirfd(d), e))
				stranded_add(c, STRANDED_BESIDE, where->dir,
				    e->d_name);
		}
	}
	if (d != NULL)
		closedir(d);
}

void
stranded_look(struct stranded *s, const struct queue *q,
    const struct queue_dir *dir, const struct mta_dir *kind, int control_fd,
    const struct when_deadline *deadline)
{
	const struct stranded_suspect where = { .queue = q,
		.dir = dir,
		.in = kind };
	int64_t began = when_mono(deadline->clock);
	int64_t share = when_left(deadline) / STRANDED_SHARE;
	struct when_deadline mine = when_after(deadline->clock,
	    share < s->budget ? share : s->budget);
	int body_fd = queue_open_dir(dir, q->mta->body_subdir);
	size_t i;

	if (body_fd != -1) {
		stranded_look_piles(s, &where, control_fd, body_fd, &mine);
		close(body_fd);
	} else {
		stranded_miss(s, stranded_count(s, q));
	}
	if (kind->optional)
		stranded_look_beside(s, &where, control_fd, &mine);
	for (i = 0; i < PILES; i++) {
		s->piles[i].n = 0;
		s->piles[i].more = false;
	}
	s->budget -= when_mono(deadline->clock) - began;
	if (s->budget < 0)
		s->budget = 0;
}

/* --- the second look ------------------------------------------------------ */

/* For elsewhere_visit(): clears all whose body is there. */
static void
stranded_clear(void *arg, int body_fd)
{
	const struct stranded_batch *b = arg;
	int64_t bytes;
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->v[i].kind == STRANDED_BODYLESS && !b->v[i].cleared &&
		    (b->v->queue->mta->body_size(b->control_fd, body_fd,
			 b->v[i].name, &bytes) == 0 ||
			errno != ENOENT))
			b->v[i].cleared = true;
}

/* Is it the same file still, and if a draft, without a control file? */
static bool
stranded_is_same(const struct stranded_batch *b,
    const struct stranded_suspect *one)
{
	struct stat st;

	if (one->kind == STRANDED_DRAFT &&
	    one->queue->mta->has_control(b->control_fd, one->name) != 0)
		return false;
	return fstatat(b->control_fd, one->name, &st, AT_SYMLINK_NOFOLLOW) ==
	    0 &&
	    S_ISREG(st.st_mode) && st.st_ino == one->ino;
}

/* The suspects of one directory. */
static void
stranded_confirm_batch(struct stranded_batch *b)
{
	struct stranded_suspect *first = b->v;
	struct stranded_count *c = stranded_count(b->s, first->queue);
	int body_fd = queue_open_dir(first->dir,
	    first->queue->mta->body_subdir);
	bool known = body_fd != -1;
	size_t i;

	if (!known)
		stranded_miss(b->s, c);
	b->control_fd = queue_open_kind(first->dir, first->in);
	if (b->control_fd == -1)
		stranded_miss(b->s, c);
	if (known && b->control_fd != -1) {
		stranded_clear(b, body_fd);
		known = elsewhere_visit(b->s->queues, first->queue, first->dir,
			    stranded_clear, b) == 0;
		if (!known)
			stranded_miss(b->s, c);
		for (i = 0; i < b->n; i++)
			if (!b->v[i].cleared && stranded_is_same(b, &b->v[i]) &&
			    (known || b->v[i].kind == STRANDED_DRAFT))
				stranded_add(c, b->v[i].kind, b->v[i].dir,
				    b->v[i].name);
	}
	if (body_fd != -1)
		close(body_fd);
	if (b->control_fd != -1)
		close(b->control_fd);
}

/* Waits; false: there is no time for that. */
static bool
stranded_wait(int gap, const struct when_deadline *deadline)
{
	struct timespec ts = { gap / 1000, gap % 1000 * 1000000L };

	/* Twice: the second look takes its time as well. */
	if (when_left(deadline) < 2 * (int64_t)gap)
		return false;
	while (nanosleep(&ts, &ts) != 0 && errno == EINTR)
		continue;
	return true;
}

/* What there is no time to look at again. */
static void
stranded_leave(struct stranded_count *c)
{
	c->partly = c->unsure = true;
}

int
stranded_confirm(struct stranded *s, int gap,
    const struct when_deadline *deadline)
{
	struct stranded_batch b = { .s = s };
	bool waited;
	size_t i, end;

	if (s->oom)
		return -1;
	waited = s->nsuspects != 0 && stranded_wait(gap, deadline);
	/* What is in one directory was found together. */
	for (i = 0; i < s->nsuspects; i = end) {
		b.v = &s->suspects[i];
		for (end = i; end < s->nsuspects &&
		     s->suspects[end].dir == b.v->dir &&
		     s->suspects[end].in == b.v->in;)
			end++;
		b.n = end - i;
		if (waited && !when_passed(deadline))
			stranded_confirm_batch(&b);
		else
			stranded_leave(stranded_count(s, b.v->queue));
	}
	s->nsuspects = 0;
	return s->oom ? -1 : 0;
}
