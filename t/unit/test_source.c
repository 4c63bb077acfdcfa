/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_source.c - lib/mail/source.c: what nobody asks for is not read
 *
 * The second half is with the reader, which must read what the parser of a
 * server asks for, and not one byte more: there the body may be.
 */
#include <stdlib.h>
#include <string.h>

#include "tree.h"

#include "look/reader.h"
#include "mail/source.h"
#include "mta/sendmail/sendmail.h"

/* Reads what is asked for, of a file with this text. */
static void
fetch(struct source *s, const char *text)
{
	size_t len = strlen(text), n = s->asked;

	if (s->asked_from >= len)
		n = 0;
	else if (n > len - s->asked_from)
		n = len - s->asked_from;
	if (n != 0)
		memcpy(source_room(s), text + s->asked_from, n);
	source_took(s, n);
}

/* What there is from a place on, and an ! where it seems to be the end. */
static void
assert_at(const struct source *s, uint64_t from, const char *want)
{
	char text[40];
	bool at_end;
	size_t n;
	const char *bytes = source_at(s, from, &n, &at_end);

	assert_true(n < sizeof(text) - 2);
	if (n != 0)
		memcpy(text, bytes, n);
	if (at_end)
		text[n++] = '!';
	text[n] = '\0';
	assert_string_equal(text, want);
}

static void
test_pieces(void **state)
{
	static const char file[] = "0123456789abcdefghij";
	struct source s;

	(void)state;
	assert_int_equal(source_init(&s, 14), 0);
	source_start(&s, 4);
	fetch(&s, file);
	assert_at(&s, 0, "0123");
	assert_at(&s, 3, "3");
	assert_at(&s, 4, "");
	assert_at(&s, 5, "");
	/* What follows it makes it longer, what does not leaves a gap. */
	assert_true(source_ask(&s, 4, 2));
	fetch(&s, file);
	assert_at(&s, 0, "012345");
	assert_true(source_ask(&s, 10, 3));
	fetch(&s, file);
	assert_at(&s, 0, "012345");
	assert_at(&s, 10, "abc");
	assert_at(&s, 9, "");
	/* All that there is room for, and then nothing. */
	assert_true(source_ask(&s, 0, SIZE_MAX));
	assert_int_equal(s.asked, 5);
	assert_true(source_ask(&s, 18, SIZE_MAX));
	fetch(&s, file);
	assert_at(&s, 18, "ij!");
	assert_true(source_ask(&s, 20, 1));
	fetch(&s, file);
	assert_false(source_ask(&s, 20, 1));
	assert_true(source_ask(&s, 1, 1));
	assert_false(source_ask(&s, UINT64_MAX, 1));
	/* Another file. */
	source_start(&s, 4);
	fetch(&s, "ab");
	assert_at(&s, 0, "ab!");
	assert_at(&s, 10, "");
	assert_true(source_ask(&s, 2, 100));
	assert_int_equal(s.asked, 12);
	source_free(&s);
}

static void
test_limits(void **state)
{
	char text[2 * SOURCE_PIECES + 3];
	struct source s;
	size_t i;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(source_init(&s, sizeof(text)), 0);
	source_start(&s, 1);
	fetch(&s, text);
	for (i = 1; i < SOURCE_PIECES; i++) {
		assert_true(source_ask(&s, 2 * i, 1));
		fetch(&s, text);
	}
	assert_int_equal(s.npieces, SOURCE_PIECES);
	assert_false(source_ask(&s, 2 * i, 1));
	assert_true(source_ask(&s, 2 * i - 1, 1));
	source_free(&s);
	/* A text in memory has no more to come. */
	source_of(&s, "abc", 3);
	assert_at(&s, 0, "abc!");
	assert_false(source_ask(&s, 3, 1));
	assert_false(source_ask(&s, 7, 1));
}

/* --- with the reader ------------------------------------------------------ */

#define FIRST 100
#define FILES 20000

/* What the parser below asks for, and what it had when it asked no more. */
static struct {
	uint64_t from;
	size_t n;
	size_t calls;
	size_t used;
	size_t head;
	size_t part;
} asked;

static bool
parse(struct envelope *e, struct source *s, bool all,
    envelope_recipient_fn *recipient, void *arg)
{
	bool at_end;

	(void)all, (void)recipient, (void)arg;
	memset(e, 0, sizeof(*e));
	asked.used = s->used;
	(void)source_at(s, 0, &asked.head, &at_end);
	(void)source_at(s, asked.from, &asked.part, &at_end);
	return asked.calls++ == 0 && asked.n != 0 &&
	    source_ask(s, asked.from, asked.n);
}

static int
done(void *arg, const struct lister *l, const struct lister_entry *e,
    const struct envelope *env)
{
	(void)arg, (void)l, (void)e, (void)env;
	return 0;
}

/* Reads the one message of a queue. */
static void
read_one(void)
{
	struct mta fake = sendmail_mta;
	struct queue_list list = QUEUE_LIST_INIT;
	struct lister_entry entry[LISTER_BLOCK];
	struct reader r = { .clock = &when_system, .done = done };
	struct lister l;

	fake.parse = parse;
	fake.first = FIRST;
	asked.calls = 0;
	assert_int_equal(queue_list_add_spec(&list, &fake, "q"), 0);
	assert_int_equal(lister_open(&l, &list.v[0], 0, &list.v[0].dirs[0],
			     fake.dirs, 0, false),
	    0);
	assert_int_equal(lister_next(&l, entry), 1);
	assert_int_equal(reader_init(&r, 4, fake.most), 0);
	assert_int_equal(reader_start(&r, &l, entry), 0);
	assert_int_equal(reader_drain(&r), 0);
	assert_int_equal(r.count.read, 1);
	reader_free(&r);
	lister_close(&l);
	queue_list_free(&list);
}

static void
test_reader(void **state)
{
	static const struct {
		uint64_t from;
		size_t n, calls, used, head, part;
	} rows[] = {
		/* Who asks for nothing gets nothing but the first bytes. */
		{ 0, 0, 1, FIRST, FIRST, FIRST },
		{ 10000, 0, 1, FIRST, FIRST, 0 },
		/* Who asks gets just that. */
		{ FIRST, 1, 2, FIRST + 1, FIRST + 1, 1 },
		{ 10000, 50, 2, FIRST + 50, FIRST, 50 },
		{ FILES - 7, 50, 2, FIRST + 7, FIRST, 7 },
		{ FILES, 50, 2, FIRST, FIRST, 0 },
		{ FIRST, SIZE_MAX, 2, FILES, FILES, FILES - FIRST },
	};
	char *text = calloc(1, FILES + 1);
	size_t i;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', FILES);
	text[FILES] = '\0';
	tree_write("q/qf6AMAF0aA004101", text);
	free(text);
	for (i = 0; i < ROWS(rows); i++) {
		asked.from = rows[i].from;
		asked.n = rows[i].n;
		read_one();
		if (asked.calls != rows[i].calls ||
		    asked.used != rows[i].used || asked.head != rows[i].head ||
		    asked.part != rows[i].part)
			fail_msg("row %zu: %zu calls, %zu read, %zu and %zu", i,
			    asked.calls, asked.used, asked.head, asked.part);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_limits),
		TREE_TEST(test_reader),
	};

	return UNIT_RUN(tests);
}
