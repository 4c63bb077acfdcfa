/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_block.c - a second server that refuses clients, which is not sendmail
 *
 * Its file is a table like Postfix's cidr: of any networks, without names; the
 * first line that has the client decides, and the server reads the text itself.
 */
#include <stdio.h>

#include "unit.h"

#include "block/guard.h"
#include "block/plan.h"

#define NOW 1795513260 /* 2026-11-24T09:41:00Z */
#define TAG(client) \
	"# qblock " client " added 2026-11-24T09:41:00Z until never by bob\n"

/* --- the server ---------------------------------------------------------- */

static size_t
table_cut(const char *bytes, size_t n)
{
	const char *nl = memchr(bytes, '\n', n);

	return nl != NULL ? (size_t)(nl + 1 - bytes) : n;
}

static void
table_split(struct entries_line *line)
{
	struct span s = line->text;
	const char *blank;

	line->key = line->value = (struct span){ s.p, 0 };
	if (s.n != 0 && s.p[s.n - 1] == '\n')
		s.n--;
	blank = memchr(s.p, ' ', s.n);
	if (*s.p == '#' || blank == NULL)
		return;
	line->key.n = (size_t)(blank - s.p);
	line->value = (struct span){ blank + 1, s.n - line->key.n - 1 };
}

static void
table_add(struct buf *out, const char *key, const char *value)
{
	buf_addf(out, "%s %s\n", key, value);
}

static bool
table_names(struct client *k, struct span key, bool *nameless)
{
	char text[64];
	const char *unused;

	if (nameless != NULL)
		*nameless = false;
	snprintf(text, sizeof(text), "%.*s", (int)key.n, key.p);
	return client_parse(k, text, &unused) == 0 && !k->is_name;
}

static bool
table_hosts(const struct block_place *place, struct client *k, struct span key)
{
	(void)place;
	(void)k;
	(void)key;
	return false;
}

static enum block_effect
table_effect(struct span value)
{
	if (value.n == 2 && memcmp(value.p, "OK", 2) == 0)
		return BLOCK_ADMITS;
	return value.n == 5 && memcmp(value.p, "DUNNO", 5) == 0 ?
	    BLOCK_EXEMPTS :
	    BLOCK_REFUSES;
}

static int
table_keys(const struct block_place *place, const struct client *k,
    struct block_keys *keys, const char **why)
{
	struct buf b = BUF_INIT;

	(void)place;
	*why = "is a name, and the table has addresses only";
	if (k->is_name)
		return -1;
	client_add(&b, k);
	snprintf(keys->key[0], BLOCK_KEY_TEXT, "%s", buf_str(&b));
	keys->n = 1;
	buf_free(&b);
	return 0;
}

static bool
table_is_key(const struct client *k, struct span key)
{
	struct client named;

	return table_names(&named, key, NULL) && client_equal(k, &named);
}

static const struct entries_line *
table_decides(const struct block_place *place, const struct entries *text,
    const struct client *k, const char *name)
{
	struct client named;
	size_t i;

	(void)place;
	(void)name;
	for (i = 0; i < text->nlines; i++)
		if (text->line[i].key.n != 0 &&
		    table_names(&named, text->line[i].key, NULL) &&
		    client_covers(&named, k))
			return text->line + i;
	return NULL;
}

static int
table_note_faults(const struct block_place *place, const struct entries *text,
    struct buf *notes)
{
	(void)place;
	(void)text;
	(void)notes;
	return 0;
}

static struct block_server table = {
	.name = "tabled",
	.text = "table",
	.cut = table_cut,
	.split = table_split,
	.add = table_add,
	.names = table_names,
	.hosts = table_hosts,
	.effect = table_effect,
	.keys = table_keys,
	.is_key = table_is_key,
	.decides = table_decides,
	.note_faults = table_note_faults,
};

/* --- what the layers above make of it ------------------------------------ */

/* The text after a wish for one client, and notes; or why it was refused. */
static void
run(enum plan_action action, const char *client, const char *text,
    const char *want, const char *note)
{
	static struct names names;
	static const struct guard guard = { NULL, 0, "" };
	const struct block_place place = { &table, "table", NULL };
	const struct plan_env env = { &guard, &names, &place, "bob", NOW };
	struct buf bytes = BUF_INIT, why = BUF_INIT;
	struct client k;
	const struct plan_wish wish = { .action = action,
		.client = &k,
		.n = 1,
		.expire = PLAN_FOREVER,
		.expire_said = true,
		.value = { "REJECT", 6 } };
	struct plan plan = PLAN_INIT;
	const char *unused;
	int rc;

	assert_int_equal(client_parse(&k, client, &unused), 0);
	buf_adds(&bytes, text);
	rc = plan_make(&plan, &wish, &env, &bytes, &why);
	unit_assert_text(buf_str(rc == 0 ? &plan.edit.bytes : &why), want,
	    client);
	unit_assert_text(buf_str(&plan.notes), note, client);
	plan_free(&plan);
	buf_free(&bytes);
	buf_free(&why);
}

static const char blocked[] = TAG("192.0.2.0/25") "192.0.2.0/25 REJECT\n";

static void
test_block(void **state)
{
	(void)state;
	/* sendmail would take 128 entries for this network. */
	run(PLAN_BLOCK, "192.0.2.0/25", "", blocked, "");
	run(PLAN_BLOCK, "2001:db8::/65", "a\n",
	    "a\n" TAG("2001:db8::/65") "2001:db8::/65 REJECT\n", "");
	run(PLAN_BLOCK, "192.0.2.66", blocked, blocked, "");
	run(PLAN_BLOCK, "192.0.2.66", "192.0.2.66 OK\n",
	    "refused: 192.0.2.66 is let in by line 1 (192.0.2.66 OK) of the"
	    " table; if it shall not be, take that line out first",
	    "");
	run(PLAN_BLOCK, "192.0.2.66", "192.0.2.64/26 DUNNO\n",
	    "refused: 192.0.2.66 is let in by line 1 (192.0.2.64/26 DUNNO) of"
	    " the table; if it shall not be, take that line out first",
	    "");
	run(PLAN_BLOCK, "bad.example.org", "",
	    "refused: bad.example.org is a name, and the table has addresses"
	    " only",
	    "");
}

static void
test_unblock(void **state)
{
	(void)state;
	run(PLAN_UNBLOCK, "192.0.2.0/25", blocked, "", "");
	run(PLAN_UNBLOCK, "192.0.2.66", blocked, blocked, "");
	run(PLAN_UNBLOCK, "192.0.2.66", "192.0.2.66 REJECT\n",
	    "192.0.2.66 is in line 1 of the table, which qblock did not"
	    " write: edit the file",
	    "");
}

/*
 * Where an earlier line decides, ours come before all others, and nothing lets
 * a part of the network in any more.
 */
static void
test_first(void **state)
{
	(void)state;
	table.first = true;
	run(PLAN_BLOCK, "192.0.2.0/25", "192.0.2.66 OK\n",
	    TAG("192.0.2.0/25") "192.0.2.0/25 REJECT\n192.0.2.66 OK\n", "");
	table.first = false;
	run(PLAN_BLOCK, "192.0.2.0/25", "192.0.2.66 OK\n",
	    "192.0.2.66 OK\n" TAG("192.0.2.0/25") "192.0.2.0/25 REJECT\n",
	    "note: still let in by line 1 (192.0.2.66 OK)\n");
}

/* The line that decides is the server's to say. */
static void
test_decides(void **state)
{
	static const char text[] = "192.0.2.66 OK\n192.0.2.0/24 REJECT\n";
	struct entries m = ENTRIES_INIT;
	struct client k;
	const char *unused;

	(void)state;
	assert_int_equal(entries_parse(&m, &table, text, strlen(text)), 0);
	assert_int_equal(client_parse(&k, "192.0.2.66", &unused), 0);
	assert_ptr_equal(m.server->decides(NULL, &m, &k, NULL), m.line);
	assert_int_equal(client_parse(&k, "192.0.2.67", &unused), 0);
	assert_ptr_equal(m.server->decides(NULL, &m, &k, NULL), m.line + 1);
	entries_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_unblock),
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_decides),
	};

	return UNIT_RUN(tests);
}
