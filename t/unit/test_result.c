/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_result.c - a plugin's result: states, texts and perfdata as a tree */
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "plug/result.h"

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(result_state_name(RESULT_OK), "OK");
	assert_string_equal(result_state_name(RESULT_WARNING), "WARNING");
	assert_string_equal(result_state_name(RESULT_CRITICAL), "CRITICAL");
	assert_string_equal(result_state_name(RESULT_UNKNOWN), "UNKNOWN");
	/* They are the exit codes. */
	assert_int_equal(RESULT_OK, 0);
	assert_int_equal(RESULT_WARNING, 1);
	assert_int_equal(RESULT_CRITICAL, 2);
	assert_int_equal(RESULT_UNKNOWN, 3);
}

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		enum result_state want;
	} rows[] = {
		{ "OK", RESULT_OK },
		{ "ok", RESULT_OK },
		{ "0", RESULT_OK },
		{ "WARNING", RESULT_WARNING },
		{ "Warning", RESULT_WARNING },
		{ "1", RESULT_WARNING },
		{ "CRITICAL", RESULT_CRITICAL },
		{ "2", RESULT_CRITICAL },
		{ "critical", RESULT_CRITICAL },
		{ "UNKNOWN", RESULT_UNKNOWN },
		{ "uNkNoWn", RESULT_UNKNOWN },
		{ "3", RESULT_UNKNOWN },
	};
	enum result_state got;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		got = rows[i].want == RESULT_OK ? RESULT_UNKNOWN : RESULT_OK;
		if (result_state_parse(rows[i].text, &got) != 0 ||
		    got != rows[i].want)
			fail_msg("'%s' is %s", rows[i].text,
			    result_state_name(got));
	}
}

static void
test_parse_junk(void **state)
{
	static const char *const rows[] = { "", "4", "-1", "00", "10", "0 ",
		" 0", "/", "okay", "o", "warn", "WARNING ", " WARNING",
		"CRITICALLY", "c", "u", "OK\n", "\xd6K" };
	enum result_state got = RESULT_CRITICAL;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		if (result_state_parse(rows[i], &got) != -1)
			fail_msg("'%s' was taken for a state", rows[i]);
	assert_int_equal(got, RESULT_CRITICAL);
}

/* Every pair, both ways round: CRITICAL > UNKNOWN > WARNING > OK. */
static void
test_worse(void **state)
{
	static const enum result_state order[] = { RESULT_OK, RESULT_WARNING,
		RESULT_UNKNOWN, RESULT_CRITICAL };
	struct result *root = result_new("root"), *a, *b;
	size_t i, j;

	(void)state;
	a = result_add(root, "a", RESULT_OK);
	b = result_add(root, "b", RESULT_OK);
	for (i = 0; i < ROWS(order); i++)
		for (j = 0; j < ROWS(order); j++) {
			assert_int_equal(result_worse(order[i], order[j]),
			    order[i > j ? i : j]);
			a->state = order[i];
			b->state = order[j];
			assert_int_equal(result_is_worse(a, b), i > j);
		}
	result_free(root);
}

static void
test_tree(void **state)
{
	struct perf first = { .label = "a", .value = 1 };
	struct perf second = { .label = "b", .value = 2 };
	struct buf text = BUF_INIT;
	struct result *root, *child, *finding;

	(void)state;
	root = result_new("queues");
	assert_non_null(root);
	assert_string_equal(root->subject, "queues");
	assert_int_equal(root->state, RESULT_OK);
	child = result_add(root, "mqueue", RESULT_UNKNOWN);
	finding = result_add(child, "age", RESULT_WARNING);
	assert_int_equal(root->nchild, 1);
	assert_ptr_equal(root->child[0], child);
	assert_ptr_equal(child->child[0], finding);
	assert_string_equal(child->subject, "mqueue");
	assert_int_equal(child->state, RESULT_UNKNOWN);
	assert_null(child->text[RESULT_SUMMARY]);
	assert_null(child->text[RESULT_DETAIL]);
	assert_null(child->text[RESULT_ADVICE]);

	/* The buffer is emptied, and a second text replaces the first. */
	buf_adds(&text, "old");
	result_set(finding, RESULT_DETAIL, &text);
	assert_int_equal(text.len, 0);
	assert_null(text.data);
	buf_adds(&text, "new");
	result_set(finding, RESULT_DETAIL, &text);
	assert_string_equal(finding->text[RESULT_DETAIL], "new");
	assert_null(finding->text[RESULT_ADVICE]);
	result_set(finding, RESULT_ADVICE, &text);
	assert_string_equal(finding->text[RESULT_ADVICE], "");

	result_add_perf(root, &first);
	result_add_perf(root, &second);
	assert_int_equal(root->nperf, 2);
	assert_string_equal(root->perf[0].label, "a");
	assert_string_equal(root->perf[1].label, "b");
	assert_true(root->perf[1].value == 2);
	assert_false(result_is_broken(root));
	result_free(root);
	result_free(NULL);
}

/* The subjects of a node's children, in order. */
static void
assert_order(const struct result *r, const char *want)
{
	struct buf got = BUF_INIT;
	size_t i;

	for (i = 0; i < r->nchild; i++)
		buf_adds(&got, r->child[i]->subject);
	assert_string_equal(buf_str(&got), want);
	buf_free(&got);
}

/* Worst first; among equals, the order in which they were added. */
static void
test_settle_order(void **state)
{
	static const struct {
		const char *subject;
		enum result_state state;
	} rows[] = {
		{ "a", RESULT_OK },
		{ "b", RESULT_WARNING },
		{ "c", RESULT_UNKNOWN },
		{ "d", RESULT_WARNING },
		{ "e", RESULT_CRITICAL },
		{ "f", RESULT_OK },
		{ "g", RESULT_UNKNOWN },
		{ "h", RESULT_CRITICAL },
		{ "i", RESULT_OK },
		{ "j", RESULT_WARNING },
	};
	struct result *root = result_new("root");
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		result_add(root, rows[i].subject, rows[i].state);
	assert_order(root, "abcdefghij");
	assert_int_equal(root->state, RESULT_OK);
	result_settle(root);
	assert_order(root, "ehcgbdjafi");
	assert_int_equal(root->state, RESULT_CRITICAL);
	result_settle(root);
	assert_order(root, "ehcgbdjafi");
	result_free(root);
}

/* A grandchild's state counts before its parent is put in its place. */
static void
test_settle_depth(void **state)
{
	struct result *root = result_new("root"), *a, *b, *c;

	(void)state;
	a = result_add(root, "a", RESULT_WARNING);
	b = result_add(root, "b", RESULT_OK);
	result_add(b, "x", RESULT_OK);
	c = result_add(b, "y", RESULT_OK);
	result_add(c, "z", RESULT_UNKNOWN);
	result_settle(root);
	assert_order(root, "ba");
	assert_order(b, "yx");
	assert_int_equal(a->state, RESULT_WARNING);
	assert_int_equal(b->state, RESULT_UNKNOWN);
	assert_int_equal(c->state, RESULT_UNKNOWN);
	assert_int_equal(root->state, RESULT_UNKNOWN);
	result_free(root);
}

/* A node's own state is not made milder by its children. */
static void
test_settle_own(void **state)
{
	struct result *root = result_new("root"), *a;

	(void)state;
	a = result_add(root, "a", RESULT_CRITICAL);
	result_add(a, "x", RESULT_UNKNOWN);
	result_settle(root);
	assert_int_equal(a->state, RESULT_CRITICAL);
	assert_int_equal(root->state, RESULT_CRITICAL);
	result_free(root);
}

/* What result_add() gave without memory goes everywhere as a node. */
static void
test_null_node(void **state)
{
	struct perf p = { .label = "a", .value = 1 };
	struct buf text = BUF_INIT;

	(void)state;
	assert_null(result_add(NULL, "x", RESULT_OK));
	buf_adds(&text, "this is freed");
	result_set(NULL, RESULT_DETAIL, &text);
	assert_null(text.data);
	assert_int_equal(text.len, 0);
	result_add_perf(NULL, &p);
	result_settle(NULL);
}

/* One text that could not be made breaks the tree, wherever it belongs. */
static void
test_broken(void **state)
{
	struct result *root = result_new("root"), *a, *b;
	struct buf text = BUF_INIT;

	(void)state;
	a = result_add(root, "a", RESULT_OK);
	b = result_add(a, "b", RESULT_OK);
	assert_false(result_is_broken(root));
	text.oom = true;
	result_set(b, RESULT_SUMMARY, &text);
	assert_null(b->text[RESULT_SUMMARY]);
	assert_true(result_is_broken(root));
	assert_true(result_is_broken(a));
	result_free(root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_junk),
		cmocka_unit_test(test_worse),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_settle_order),
		cmocka_unit_test(test_settle_depth),
		cmocka_unit_test(test_settle_own),
		cmocka_unit_test(test_null_node),
		cmocka_unit_test(test_broken),
	};

	return UNIT_RUN(tests);
}
