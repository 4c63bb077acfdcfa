/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * discover.c - the queues that sendmail.cf and submit.cf name
 *
 * The model is sendmail's queue.c: the group "mqueue" always exists, first of
 * all, and is the QueueDirectory unless a Q line gives it a path.  A later Q
 * line replaces an earlier one of the same name, whatever its case.  A group
 * without a path has the QueueDirectory of the lines before it.
 *
 * A group whose path is not below the QueueDirectory is watched all the same,
 * though sendmail does not start with it: it may be started with another one.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "mta/sendmail/cf.h"
#include "mta/sendmail/discover.h"

#define SENDMAIL_DISCOVER_GROUPS 50 /* MAXQUEUEGROUPS, conf.h */
#define SENDMAIL_DISCOVER_BASE   "/var/spool/mqueue"

struct sendmail_discover_group {
	const char *name;
	const char *path; /* as it is written */
	size_t line;
	bool own;   /* a P= of its own */
	bool named; /* by a Q line */
};

struct sendmail_discover {
	const struct rooted *r;
	const char *file; /* with the root */
	struct sendmail_discover_group v[SENDMAIL_DISCOVER_GROUPS];
	size_t n;
};

static int
sendmail_discover_put(struct sendmail_discover *d,
    const struct sendmail_discover_group *g)
{
	size_t i = 0;

	while (i < d->n && strcasecmp(d->v[i].name, g->name) != 0)
		i++;
	if (i == SENDMAIL_DISCOVER_GROUPS)
		return rooted_fail_line(d->r, d->file, g->line, "",
		    "sendmail takes at most 50 queue groups");
	d->v[i] = *g;
	if (i == 0) /* -w mqueue, whatever its case is here */
		d->v[i].name = "mqueue";
	if (i == d->n)
		d->n++;
	return 0;
}

static int
sendmail_discover_groups(struct sendmail_discover *d,
    const struct sendmail_cf *cf)
{
	const char *base = cf->queue_directory != NULL ? cf->queue_directory :
							 SENDMAIL_DISCOVER_BASE;
	struct sendmail_discover_group g = { "mqueue", base, cf->line, false,
		false };
	const struct sendmail_cf_group *q;
	size_t i;
	int rc = sendmail_discover_put(d, &g);

	for (i = 0; rc == 0 && i < cf->ngroups; i++) {
		q = &cf->groups[i];
		g = (struct sendmail_discover_group){ q->name, q->path, q->line,
			q->path != NULL, true };
		if (q->path == NULL)
			g.path = q->base != NULL ? q->base : base;
		rc = sendmail_discover_put(d, &g);
	}
	return rc;
}

/* Does a path name directories more closely than another? */
static bool
sendmail_discover_closer(const char *path, const char *other)
{
	size_t n = strlen(path), m = strlen(other);
	bool wild = n != 0 && path[n - 1] == '*';
	bool other_wild = m != 0 && other[m - 1] == '*';

	return wild != other_wild ? other_wild : n > m;
}

static enum planned_claim
sendmail_discover_claim(const struct sendmail_discover *d,
    const struct sendmail_discover_group *g, enum queue_role role)
{
	const struct sendmail_discover_group *base = &d->v[0];

	if (role == QUEUE_CLIENT)
		return PLANNED_CLIENT;
	if (g->own &&
	    (base->own || sendmail_discover_closer(g->path, base->path)))
		return PLANNED_GROUP;
	return PLANNED_BASE;
}

static int
sendmail_discover_plan(const struct sendmail_discover *d,
    const struct sendmail_discover_group *g, enum queue_role role,
    struct planned *p)
{
	const bool client = role == QUEUE_CLIENT;
	const char *name = g->named && *g->name != '\0' ? g->name : NULL;
	struct planned_queue *q;
	struct buf path = BUF_INIT;
	const char *bad = sendmail_cf_path(g->path, &path);
	int rc;

	/* What submit.cf calls mqueue is not what sendmail -bp does. */
	if (client && g == d->v)
		name = NULL;
	if (bad != NULL) {
		rc = rooted_fail_line(d->r, d->file, g->line, g->path, bad);
	} else if (path.oom ||
	    (q = planned_new(p, name, role, sendmail_discover_claim(d, g, role),
		 d->file)) == NULL) {
		rc = rooted_oom(d->r);
	} else {
		if (!client && name != NULL)
			q->naming = PLANNED_OWN;
		else if (!client && g == d->v)
			q->naming = PLANNED_MAIN;
		rc = planned_add_path(q, d->r, buf_str(&path));
	}
	buf_free(&path);
	return rc;
}

int
sendmail_discover(const struct rooted *r, const char *const *files,
    enum queue_role role, struct planned *p)
{
	struct buf path = BUF_INIT, bytes = BUF_INIT;
	struct sendmail_cf cf = SENDMAIL_CF_INIT;
	struct sendmail_discover d = { .r = r };
	int rc = rooted_first(r, files, &path, &bytes), failed = 0;
	size_t i;

	if (rc != 1)
		goto out;
	d.file = buf_str(&path);
	if (sendmail_cf_parse(&cf, buf_str(&bytes), bytes.len) != 0)
		failed = rooted_oom(r);
	if (failed == 0)
		failed = sendmail_discover_groups(&d, &cf);
	for (i = 0; failed == 0 && i < d.n; i++)
		failed = sendmail_discover_plan(&d, &d.v[i], role, p);
	if (failed != 0)
		rc = -1;
out:
	sendmail_cf_free(&cf);
	buf_free(&bytes);
	buf_free(&path);
	return rc;
}
