/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * planned.c - the queues that configurations name, before each has its own
 *
 * A plan owns its strings.  After a failure the list may have some of the
 * queues, and is to be freed.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mail/planned.h"

/* One planned queue, as its claim is compared. */
struct planned_turn {
	enum planned_claim claim;
	bool wildcard;
	size_t len;
	size_t index;
};

void
planned_free(struct planned *p)
{
	struct planned_queue *q;
	size_t i, j;

	for (i = 0; i < p->n; i++) {
		q = &p->v[i];
		for (j = 0; j < q->npaths; j++)
			free(q->paths[j]);
		free(q->paths);
		free(q->name);
		free(q->source);
	}
	free(p->v);
	*p = (struct planned)PLANNED_INIT;
}

struct planned_queue *
planned_new(struct planned *p, const char *name, enum queue_role role,
    enum planned_claim claim, const char *source)
{
	struct planned_queue *v = realloc(p->v, (p->n + 1) * sizeof(*v));
	struct planned_queue q = { .mta = p->mta,
		.role = role,
		.claim = claim };

	if (v == NULL)
		return NULL;
	p->v = v;
	q.source = strdup(source);
	if (name != NULL)
		q.name = strdup(name);
	if (q.source == NULL || (name != NULL && q.name == NULL)) {
		free(q.source);
		free(q.name);
		return NULL;
	}
	v[p->n] = q;
	return &v[p->n++];
}

int
planned_set_name(struct planned_queue *q, const struct rooted *r,
    const char *name)
{
	char *s = strdup(name);

	if (s == NULL)
		return rooted_oom(r);
	free(q->name);
	q->name = s;
	return 0;
}

int
planned_add_found(struct planned_queue *q, const struct rooted *r,
    const char *path)
{
	char **paths = realloc(q->paths, (q->npaths + 1) * sizeof(*paths));

	if (paths != NULL)
		q->paths = paths;
	if (paths == NULL || (paths[q->npaths] = strdup(path)) == NULL)
		return rooted_oom(r);
	q->npaths++;
	return 0;
}

int
planned_add_path(struct planned_queue *q, const struct rooted *r,
    const char *path)
{
	struct buf whole = BUF_INIT;
	int rc = rooted_path(r, path, &whole);

	if (rc == 0)
		rc = planned_add_found(q, r, buf_str(&whole));
	buf_free(&whole);
	return rc;
}

static int
planned_compare(const void *a, const void *b)
{
	const struct planned_turn *x = a, *y = b;

	if (x->claim != y->claim)
		return x->claim < y->claim ? -1 : 1;
	if (x->wildcard != y->wildcard)
		return x->wildcard ? 1 : -1;
	if (x->len != y->len)
		return x->len > y->len ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

/* The queues with a directory in the order of their claims; how many. */
static size_t
planned_sort(const struct planned *p, struct planned_turn *turns)
{
	const struct planned_queue *q;
	size_t i, n = 0;

	for (i = 0; i < p->n; i++) {
		q = &p->v[i];
		if (q->npaths == 0)
			continue;
		turns[n] = (struct planned_turn){ .claim = q->claim,
			.len = strlen(q->paths[0]),
			.index = i };
		turns[n].wildcard = turns[n].len != 0 &&
		    q->paths[0][turns[n].len - 1] == '*';
		n++;
	}
	qsort(turns, n, sizeof(*turns), planned_compare);
	return n;
}

/* Those whose names were taken by others get them.  NULL, or as above. */
static const struct planned_queue *
planned_settle_names(const struct planned *p, struct queue_list *list,
    const size_t *at)
{
	const struct planned_queue *q;
	const char *name;
	size_t i;

	for (i = 0; i < p->n; i++) {
		q = &p->v[i];
		if (at[i] == (size_t)-1 || q->naming == PLANNED_TAIL)
			continue;
		name = q->naming == PLANNED_MAIN ? "mqueue" : q->name;
		if (name != NULL &&
		    (q->naming == PLANNED_OWN ||
			queue_list_find(list, name) != NULL) &&
		    queue_list_rename(list, at[i], name) != 0)
			return q;
	}
	return NULL;
}

/*
 * Adds each in its turn; at[] tells where it is.  NULL, or one that could not
 * be added, with errno.
 */
static const struct planned_queue *
planned_add_all(const struct planned *p, struct queue_list *list,
    const struct planned_turn *turns, size_t n, size_t *at)
{
	const struct planned_queue *q;
	size_t i;

	for (i = 0; i < n; i++) {
		q = &p->v[turns[i].index];
		if (queue_list_add(list, q->mta, q->name, q->role, q->source,
			(const char *const *)q->paths, q->npaths) == 0) {
			at[turns[i].index] = list->n - 1;
			continue;
		}
		if (errno != EEXIST)
			return q;
		if (q->naming != PLANNED_TAIL && q->name != NULL &&
		    queue_list_add_alias(list, q->paths[0], q->name) != 0)
			return q;
	}
	return NULL;
}

/* The order of their turns becomes that of the plan. */
static void
planned_reorder(const struct planned *p, struct queue_list *list,
    const size_t *at, size_t first, struct queue *room)
{
	size_t i, n = 0;

	for (i = 0; i < p->n; i++)
		if (at[i] != (size_t)-1)
			room[n++] = list->v[at[i]];
	for (i = 0; i < n; i++)
		list->v[first + i] = room[i];
}

int
planned_commit(const struct planned *p, const struct rooted *r,
    struct queue_list *list)
{
	struct planned_turn *turns = calloc(p->n + 1, sizeof(*turns));
	struct queue *room = calloc(p->n + 1, sizeof(*room));
	size_t *at = malloc((p->n + 1) * sizeof(*at)), first = list->n, i, n;
	const struct planned_queue *failed;
	int rc = -1;

	if (turns == NULL || room == NULL || at == NULL) {
		rooted_oom(r);
		goto out;
	}
	for (i = 0; i < p->n; i++)
		at[i] = (size_t)-1;
	n = planned_sort(p, turns);
	failed = planned_add_all(p, list, turns, n, at);
	if (failed == NULL)
		failed = planned_settle_names(p, list, at);
	if (failed != NULL) {
		rooted_fail(r, "cannot list", failed->paths[0],
		    strerror(errno));
		goto out;
	}
	planned_reorder(p, list, at, first, room);
	rc = 0;
out:
	free(turns);
	free(room);
	free(at);
	return rc;
}
