/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * block.c - sendmail as a server that refuses clients, by its access map
 *
 * The parts are in access_*.c; here they answer what struct block_server asks.
 */
#include <stdlib.h>
#include <string.h>

#include "block/entries.h"
#include "mta/sendmail/access/ask.h"
#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/fault.h"
#include "mta/sendmail/access/key.h"
#include "mta/sendmail/access/line.h"
#include "mta/sendmail/access/place.h"
#include "mta/sendmail/access/value.h"

/* Every place of this server is one of these. */
static const struct sendmail_access_place *
sendmail_block_of(const struct block_place *place)
{
	return (const struct sendmail_access_place *)(const void *)place;
}

static struct sendmail_access_place *
sendmail_block_own(struct block_place *place)
{
	return (struct sendmail_access_place *)(void *)place;
}

static int
sendmail_block_oom(struct buf *why)
{
	buf_adds(why, "out of memory");
	return -1;
}

/* --- the place ----------------------------------------------------------- */

static void
sendmail_block_free(struct block_place *place)
{
	struct sendmail_access_place *p = sendmail_block_own(place);

	if (p != NULL)
		sendmail_access_place_free(p);
	free(p);
}

static struct block_place *
sendmail_block_find(const struct block_given *given, struct buf *why)
{
	static const struct sendmail_access_place init =
	    SENDMAIL_ACCESS_PLACE_INIT(&sendmail_block, NULL);
	struct sendmail_access_place *p = malloc(sizeof(*p));

	if (p == NULL) {
		sendmail_block_oom(why);
		return NULL;
	}
	*p = init;
	if (sendmail_access_place_find(p, given, why) == 0)
		return &p->place;
	sendmail_block_free(&p->place);
	return NULL;
}

/* --- the text ------------------------------------------------------------ */

static bool
sendmail_block_names(struct client *k, struct span key, bool *nameless)
{
	if (nameless != NULL)
		*nameless = sendmail_access_key_is_nameless(key);
	return sendmail_access_key_of(k, key);
}

static bool
sendmail_block_hosts(const struct block_place *place, struct client *k,
    struct span key)
{
	return sendmail_access_key_hosts(&sendmail_block_of(place)->cf.way, k,
	    key);
}

static int
sendmail_block_keys(const struct block_place *place, const struct client *k,
    struct block_keys *keys, const char **why)
{
	return sendmail_access_key_list(k,
	    sendmail_block_of(place)->cf.way.compressed, keys, why);
}

struct sendmail_block_search {
	const struct sendmail_access_place *place;
	const struct entries *text;
	const struct entries_line *line;
	const struct block_entry *entry;
};

/* Does the search end with this value? */
static int
sendmail_block_ends(const struct sendmail_block_search *s, struct span value)
{
	return s->place->cf.skip &&
		sendmail_access_value_of(value) == BLOCK_EXEMPTS ?
	    SENDMAIL_ACCESS_KEY_SKIP :
	    1;
}

static int
sendmail_block_in_text(void *arg, const char *key)
{
	struct sendmail_block_search *s = arg;
	const struct entries_line *line = entries_find(s->text, key);

	if (line == NULL)
		return 0;
	s->line = line;
	return sendmail_block_ends(s, line->value);
}

static int
sendmail_block_in_map(void *arg, const char *key)
{
	struct sendmail_block_search *s = arg;
	const struct block_entry *entry =
	    sendmail_access_dump_find(&s->place->dump, key);

	if (entry == NULL)
		return 0;
	s->entry = entry;
	return sendmail_block_ends(s, entry->value);
}

static const struct entries_line *
sendmail_block_decides(const struct block_place *place,
    const struct entries *text, const struct client *k, const char *name)
{
	struct sendmail_block_search s = { sendmail_block_of(place), text, NULL,
		NULL };

	sendmail_access_key_walk(k, name, &s.place->cf.way,
	    sendmail_block_in_text, &s);
	return s.line;
}

/* SKIP is a text that refuses where the configuration does not know it. */
static enum block_effect
sendmail_block_result(const struct block_place *place, struct span value)
{
	enum block_effect effect = sendmail_access_value_of(value);

	return effect == BLOCK_EXEMPTS && !sendmail_block_of(place)->cf.skip ?
	    BLOCK_REFUSES :
	    effect;
}

static int
sendmail_block_note_faults(const struct block_place *place,
    const struct entries *text, struct buf *notes)
{
	struct sendmail_access_fault_list list;
	size_t i;

	if (sendmail_access_fault_find(&list, text,
		sendmail_block_of(place)->cf.keep_case) != 0)
		return -1;
	for (i = 0; i < list.n && i < SENDMAIL_ACCESS_FAULT_KEPT; i++) {
		buf_adds(notes, "note: ");
		sendmail_access_fault_add(notes, list.v + i, place->file);
		buf_adds(notes,
		    ": makemap leaves that out, as it did before\n");
	}
	if (list.n > SENDMAIL_ACCESS_FAULT_KEPT)
		buf_addf(notes, "note: makemap leaves out %zu more lines\n",
		    list.n - SENDMAIL_ACCESS_FAULT_KEPT);
	return 0;
}

/* --- the map ------------------------------------------------------------- */

/*
 * makemap left lines out.  That is no reason to leave a client unblocked if it
 * is known which: no block of ours makes one (plan_keys), so that they were
 * there before, and the map is compared with all others.
 */
static int
sendmail_block_excuse(const struct block_place *place, const char *path,
    const struct entries *text, const struct buf *said, struct buf *why)
{
	const struct sendmail_access_makemap *map =
	    &sendmail_block_of(place)->map;
	struct sendmail_access_fault_list faults;
	const char *own;

	if (sendmail_access_fault_find(&faults, text, map->keep_case) != 0)
		return sendmail_block_oom(why);
	if (faults.n != 0)
		return 0;
	/* It names the new file, which is gone when this is read. */
	buf_addf(why, "%s failed (exit %d): ", map->makemap,
	    SENDMAIL_ACCESS_MAKEMAP_FAULT);
	own = said->len != 0 ? strstr(said->data, path) : NULL;
	if (own != NULL) {
		buf_adds(why, place->file);
		buf_adds(why, own + strlen(path));
	} else {
		buf_add(why, said->data, said->len);
	}
	return -1;
}

static int
sendmail_block_make(const struct block_place *place, const char *path, int fd,
    const struct entries *text, struct buf *why)
{
	const struct sendmail_access_makemap *map =
	    &sendmail_block_of(place)->map;
	struct buf said = BUF_INIT;
	int rc = sendmail_access_makemap_make(map, path, fd, &said, why);

	if (rc == 1)
		rc = sendmail_block_excuse(place, path, text, &said, why);
	buf_free(&said);
	return rc == 0 ? sendmail_access_makemap_verify(map, path, text, why) :
			 -1;
}

static int
sendmail_block_verify(const struct block_place *place,
    const struct entries *text, struct buf *why)
{
	return sendmail_access_makemap_verify(&sendmail_block_of(place)->map,
	    place->file, text, why);
}

static int
sendmail_block_load(struct block_place *place, struct buf *why)
{
	struct sendmail_access_place *p = sendmail_block_own(place);

	sendmail_access_dump_free(&p->dump);
	buf_truncate(&p->bytes, 0);
	return sendmail_access_makemap_ask(&p->map, place->file, &p->bytes,
	    &p->dump, why);
}

static int
sendmail_block_says(const struct block_place *place, const struct client *k,
    const char *name, struct block_entry *entry, struct buf *why)
{
	struct sendmail_block_search s = { sendmail_block_of(place), NULL, NULL,
		NULL };

	(void)why;
	sendmail_access_key_walk(k, name, &s.place->cf.way,
	    sendmail_block_in_map, &s);
	*entry = s.entry != NULL ?
	    *s.entry :
	    (struct block_entry){ { NULL, 0 }, { NULL, 0 } };
	return 0;
}

static int
sendmail_block_compare(const struct block_place *place,
    const struct entries *text, struct block_difference *diff, struct buf *why)
{
	const struct sendmail_access_place *p = sendmail_block_of(place);
	struct sendmail_access_dump want = SENDMAIL_ACCESS_DUMP_INIT;

	if (sendmail_access_dump_of_text(&want, p->map.keep_case, text) != 0)
		return sendmail_block_oom(why);
	sendmail_access_dump_compare(diff, &want, &p->dump);
	sendmail_access_dump_free(&want);
	return 0;
}

static int
sendmail_block_ask(const struct block_place *place, const char *program,
    const struct client *k, const char *name, struct buf *out, struct buf *why)
{
	const struct sendmail_access_place *p = sendmail_block_of(place);

	return sendmail_access_ask(program, p->map.cf, k, name,
	    p->cf.way.compressed, out, why);
}

const struct block_server sendmail_block = {
	.name = "sendmail",
	.text = "access file",
	.proof = "makemap -u",
	.program = "/usr/sbin/sendmail",
	.find = sendmail_block_find,
	.free = sendmail_block_free,
	.cut = sendmail_access_line_cut,
	.split = sendmail_access_line_split,
	.add = sendmail_access_line_add,
	.names = sendmail_block_names,
	.hosts = sendmail_block_hosts,
	.effect = sendmail_access_value_of,
	.keys = sendmail_block_keys,
	.is_key = sendmail_access_key_is_one,
	.reply = sendmail_access_value_parse,
	.decides = sendmail_block_decides,
	.result = sendmail_block_result,
	.note_faults = sendmail_block_note_faults,
	.make = sendmail_block_make,
	.verify = sendmail_block_verify,
	.load = sendmail_block_load,
	.says = sendmail_block_says,
	.compare = sendmail_block_compare,
	.ask = sendmail_block_ask,
};
