/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_samples.c - every message of t/data/qf, as its expected.tsv says
 *
 * They are read as a scan does it, head first, and whole.  expected.tsv knows
 * no class loopback and calls it smtp: its row for 127.0.0.1 is held to be
 * loopback, and no other.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

#include "base/fsx.h"
#include "mta/sendmail/qf.h"
#include "mta/sendmail/sendmail.h"

#define SAMPLES 31     /* rows of expected.tsv */
#define BIG     100000 /* no sample is larger */

enum column {
	COL_NAME,
	COL_CLASS,
	COL_ADDRESS,
	COL_HOST,
	COL_IDENT,
	COL_FORGED,
	COL_COMPLETE,
	COL_VERSION,
	COL_TIME,
	COL_NOTE,
	COL_COUNT,
};

static const struct mta *mta = &sendmail_mta;
static int dir = -1;
static struct buf table = BUF_INIT;
static char *rows[SAMPLES + 1][COL_COUNT];
static size_t nrows;

static struct buf
slurp(const char *name)
{
	struct buf b = BUF_INIT;

	if (fsx_read(dir, name, O_NOFOLLOW, BIG, &b) != 0)
		fail_msg("%s is not in t/data/qf of $MQ_SRCDIR", name);
	return b;
}

/* Opens t/data/qf, and parts expected.tsv into rows and columns. */
static int
set_up(void **state)
{
	const char *src = getenv("MQ_SRCDIR");
	char path[4096], *line, *next, *tab;
	size_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/t/data/qf", src != NULL ? src : "..");
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	table = slurp("expected.tsv");
	for (line = table.data; *line != '\0'; line = next) {
		next = line + strcspn(line, "\n");
		assert_int_equal(*next, '\n');
		*next++ = '\0';
		if (*line == '#')
			continue;
		assert_in_range(nrows, 0, SAMPLES);
		for (i = 0; i < COL_COUNT; i++, line = tab + 1) {
			rows[nrows][i] = line;
			tab = line + strcspn(line, "\t");
			assert_int_equal(*tab, i < COL_NOTE ? '\t' : '\0');
			*tab = '\0';
		}
		nrows++;
	}
	assert_int_equal(nrows, SAMPLES);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	buf_free(&table);
	return close(dir);
}

/* As expected.tsv writes it; "-" for nothing. */
static void
add_span(struct buf *b, struct span s)
{
	size_t i;

	if (s.n == 0)
		buf_addc(b, '-');
	for (i = 0; i < s.n; i++)
		if (s.p[i] >= 0x20 && s.p[i] <= 0x7e)
			buf_addc(b, s.p[i]);
		else
			buf_addf(b, "\\x%02x", (unsigned char)s.p[i]);
}

static void
add_number(struct buf *b, int64_t n, int64_t none)
{
	if (n == none)
		buf_addc(b, '-');
	else
		buf_addf(b, "%" PRId64, n);
}

/* An envelope as a row of expected.tsv, without the note. */
static void
add_row(struct buf *b, const char *name, const struct envelope *e)
{
	const struct relay *r = &e->relay;

	buf_addf(b, "%s\t%s\t", name, relay_class_name(r->class));
	if (r->class == RELAY_SMTP || r->class == RELAY_LOOPBACK)
		addr_add(b, &r->addr);
	else
		buf_addc(b, '-');
	buf_addc(b, '\t');
	add_span(b, r->host);
	buf_addc(b, '\t');
	add_span(b, r->ident);
	buf_addf(b, "\t%d\t%d\t", r->forged, e->end == ENVELOPE_WHOLE);
	add_number(b, e->version, 0);
	buf_addc(b, '\t');
	add_number(b, e->arrival, -1);
}

/* What the row says, with its one class that has another name here. */
static void
add_expected(struct buf *b, char *const *row)
{
	size_t i;

	for (i = 0; i < COL_NOTE; i++) {
		if (i != 0)
			buf_addc(b, '\t');
		if (i == COL_CLASS &&
		    strcmp(row[COL_ADDRESS], "127.0.0.1") == 0) {
			assert_string_equal(row[i], "smtp");
			buf_adds(b, "loopback");
		} else {
			buf_adds(b, row[i]);
		}
	}
}

static void
test_whole(void **state)
{
	struct buf got = BUF_INIT, want = BUF_INIT, file;
	struct envelope e;
	size_t i;

	(void)state;
	for (i = 0; i < nrows; i++) {
		file = slurp(rows[i][COL_NAME]);
		qf_parse(&e, file.data, file.len, true, NULL, NULL);
		buf_truncate(&got, 0);
		buf_truncate(&want, 0);
		add_row(&got, rows[i][COL_NAME], &e);
		add_expected(&want, rows[i]);
		assert_string_equal(buf_str(&got), buf_str(&want));
		buf_free(&file);
	}
	buf_free(&want);
	buf_free(&got);
}

/* The head alone tells the same, except for the end of a longer file. */
static void
test_head(void **state)
{
	struct buf got = BUF_INIT, want = BUF_INIT, file;
	struct envelope whole, head;
	size_t i, longer = 0;

	(void)state;
	for (i = 0; i < nrows; i++) {
		file = slurp(rows[i][COL_NAME]);
		qf_parse(&whole, file.data, file.len, true, NULL, NULL);
		if (file.len > mta->first) {
			longer++;
			qf_parse(&head, file.data, mta->first, false, NULL,
			    NULL);
			assert_int_equal(head.end, ENVELOPE_MORE);
			assert_false(qf_wants_more(&head));
			assert_int_equal(head.recipients, whole.recipients);
			assert_false(head.recipients_more);
			head.end = whole.end;
			buf_truncate(&got, 0);
			buf_truncate(&want, 0);
			add_row(&got, rows[i][COL_NAME], &head);
			add_row(&want, rows[i][COL_NAME], &whole);
			assert_string_equal(buf_str(&got), buf_str(&want));
		}
		buf_free(&file);
	}
	assert_int_equal(longer, 1);
	buf_free(&want);
	buf_free(&got);
}

static bool
is_within(struct span s, const char *bytes, size_t n)
{
	return s.n == 0 || (s.p >= bytes && s.p + s.n <= bytes + n);
}

/* The n bytes at copy are the start of a file. */
static void
check_cut(const char *name, const struct envelope *whole, const char *copy,
    size_t n)
{
	struct envelope cut;

	qf_parse(&cut, copy, n, true, NULL, NULL);
	if (cut.relay.class != RELAY_INCOMPLETE &&
	    (cut.relay.class != whole->relay.class ||
		!addr_equal(&cut.relay.addr, &whole->relay.addr)))
		fail_msg("%s at %zu is %s", name, n,
		    relay_class_name(cut.relay.class));
	assert_true(cut.end != ENVELOPE_MORE);
	assert_true(cut.recipients <= whole->recipients);
	assert_true(is_within(cut.relay.host, copy, n));
	assert_true(is_within(cut.sender, copy, n));
	assert_true(is_within(cut.status, copy, n));
	qf_parse(&cut, copy, n, false, NULL, NULL);
	assert_true(cut.relay.class != RELAY_INCOMPLETE);
	assert_true(cut.end != ENVELOPE_CUT);
}

/*
 * A file cut anywhere has the relay of the whole one or none yet, and nothing
 * points outside.  The copy is as long as what is parsed, for the sanitizers.
 */
static void
test_cut(void **state)
{
	struct envelope whole;
	struct buf file;
	size_t i, n;
	char *copy;

	(void)state;
	for (i = 0; i < nrows; i++) {
		file = slurp(rows[i][COL_NAME]);
		qf_parse(&whole, file.data, file.len, true, NULL, NULL);
		for (n = 0; n <= file.len; n++) {
			copy = malloc(n != 0 ? n : 1);
			assert_non_null(copy);
			if (n != 0)
				memcpy(copy, file.data, n);
			check_cut(rows[i][COL_NAME], &whole, copy, n);
			free(copy);
		}
		buf_free(&file);
	}
}

/* The kind of each file: what has no row is no message. */
static void
test_kinds(void **state)
{
	enum mta_state kind, want;
	struct dirent *entry;
	size_t i, seen = 0;
	DIR *d;

	(void)state;
	d = fdopendir(dup(dir));
	assert_non_null(d);
	rewinddir(d);
	while ((entry = readdir(d)) != NULL) {
		want = MTA_NOTHING;
		for (i = 0; i < nrows; i++)
			if (strcmp(rows[i][COL_NAME], entry->d_name) == 0) {
				seen++;
				want = entry->d_name[0] == 'h' ? MTA_HELD :
				    entry->d_name[0] == 'Q'    ? MTA_LOST :
								 MTA_QUEUED;
			}
		kind = mta_state(mta, mta->dirs, entry->d_name);
		if (kind != want)
			fail_msg("%s is %d", entry->d_name, (int)kind);
	}
	assert_int_equal(seen, nrows);
	closedir(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_kinds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
