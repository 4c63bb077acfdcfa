/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * names.c - the host names that clients have, as sendmail saw them
 *
 * The DNS is not asked: it may be what the flood has brought down, and it may
 * say something else by now.  Limits: mail that is queued under a name that is
 * no host name (sendmail takes any from /etc/hosts) tells nothing; a flood that
 * had no time to be queued has no name here.
 */
#include <errno.h>
#include <string.h>

#include "base/clean.h"
#include "look/survey.h"
#include "mta/discover.h"
#include "tools/qblock/names.h"

#define QBLOCK_NAMES_SHOWN 120

struct qblock_names_search {
	struct qblock_names *names;
	const struct accesskey *key;
	size_t nkeys;
};

void
qblock_names_init(struct qblock_names *names)
{
	names->n = 0;
	names->unread = (struct buf)BUF_INIT;
}

void
qblock_names_free(struct qblock_names *names)
{
	buf_free(&names->unread);
}

/* Once each; what is over the limit is left out. */
static void
qblock_names_put(struct qblock_names *names, const struct qblock_names_one *new)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (accesskey_equal(&names->v[i].address, &new->address) &&
		    strcmp(names->v[i].name, new->name) == 0)
			return;
	if (names->n < QBLOCK_NAMES)
		names->v[names->n++] = *new;
}

int
qblock_names_give(struct qblock_names *names, const struct accesskey *address,
    const char *name)
{
	struct qblock_names_one new = { .address = *address };

	if (!domain_copy((struct span){ name, strlen(name) }, new.name))
		return -1;
	qblock_names_put(names, &new);
	return 0;
}

/* One message; -1 ends the survey, when there is room for no other name. */
static int
qblock_names_visit(void *context, const struct survey_message *m)
{
	struct qblock_names_search *s = context;
	const struct relay *relay = &m->envelope->relay;
	struct qblock_names_one new = { .address = { .is_name = false } };
	size_t i;

	if (relay->class != RELAY_SMTP)
		return 0;
	new.address.prefix = addr_network(&relay->addr, 32, 128);
	for (i = 0; i < s->nkeys; i++)
		if (accesskey_covers(s->key + i, &new.address))
			break;
	if (i == s->nkeys)
		return 0;
	if (relay->host.n != 0 && !relay->forged &&
	    !domain_copy(relay->host, new.name))
		return 0;
	qblock_names_put(s->names, &new);
	return s->names->n == QBLOCK_NAMES ? -1 : 0;
}

static int
qblock_names_commit(void *context)
{
	(void)context;
	return 0;
}

static void
qblock_names_tell(struct qblock_names *names, const struct survey_result *r)
{
	if (r->failed_dir == NULL)
		return;
	clean_adds(&names->unread, r->failed_dir->path, QBLOCK_NAMES_SHOWN);
	buf_addf(&names->unread, ": %s", strerror(r->error));
}

void
qblock_names_look(struct qblock_names *names, const struct accesskey *key,
    size_t nkeys, struct queue_list *queues, const struct when_clock *clock)
{
	struct when_deadline deadline = when_after(clock, QBLOCK_NAMES_TIME);
	const struct survey_options options = {
		.now = when_wall(clock),
		.deadline = &deadline,
		.held = true,
	};
	struct qblock_names_search search = { names, key, nkeys };
	const struct survey_sink sink = {
		.context = { &search },
		.ncontexts = 1,
		.visit = qblock_names_visit,
		.commit = qblock_names_commit,
	};
	struct survey_result result;

	if (queues->n == 0 && discover_queues(queues, "", &names->unread) != 0)
		return;
	if (queues->n == 0) {
		buf_adds(&names->unread, "there is no queue");
		return;
	}
	if (survey_run(queues, &options, &sink, &result) != 0 &&
	    names->n != QBLOCK_NAMES)
		buf_adds(&names->unread, strerror(errno));
	else
		qblock_names_tell(names, &result);
	survey_free(&result);
}

bool
qblock_names_has(const struct qblock_names *names, const struct accesskey *key)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (accesskey_covers(key, &names->v[i].address))
			return true;
	return false;
}
