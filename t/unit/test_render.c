/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_render.c - a result tree as text for one consumer */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_JANSSON
#include <jansson.h>
#endif

#include "unit.h"

#include "plug/render.h"

static const struct render_options plain = { "MQUEUE", 0 };
static const struct render_options verbose = { "MQUEUE", 1 };

static void
set(struct result *r, enum result_text which, const char *text)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, text);
	result_set(r, which, &b);
}

static void
add_perf(struct result *root, const char *label, double value,
    unsigned int keep)
{
	struct perf p = { .value = value, .min_zero = true, .keep = keep };

	snprintf(p.label, sizeof(p.label), "%.*s", PERF_LABEL_MAX, label);
	result_add_perf(root, &p);
}

/* Settles, renders and frees; the text is the caller's. */
static char *
render(struct result *r, const struct render_options *opt)
{
	struct buf out = BUF_INIT;

	result_settle(r);
	assert_false(result_is_broken(r));
	assert_int_equal(render_nagios(r, opt, &out), 0);
	result_free(r);
	return buf_take(&out);
}

static void
expect(struct result *r, const char *want)
{
	char *got = render(r, &plain);

	assert_string_equal(got, want);
	free(got);
}

static void
test_find(void **state)
{
	(void)state;
	assert_true(render_find("nagios")->render == render_nagios);
#ifdef HAVE_JANSSON
	assert_true(render_find("json")->render == render_json);
#endif
	assert_true(render_find("") == NULL);
	assert_true(render_find("nagiosx") == NULL);
}

/* The root's own summary is all there is to say, however long it is. */
static void
test_alone(void **state)
{
	struct result *r = result_new("answer");
	char text[300], want[400];

	(void)state;
	snprintf(text, sizeof(text), "%0299d", 0);
	r->state = RESULT_UNKNOWN;
	set(r, RESULT_SUMMARY, text);
	snprintf(want, sizeof(want), "MQUEUE UNKNOWN - %s\n", text);
	expect(r, want);
}

/* What is said without memory is what the format makes of a tree. */
static void
test_say(void **state)
{
	static const char words[] = "the disk did not answer within 9s";
	const struct render_format *f;
	struct buf out = BUF_INIT;
	struct result *r;
	char text[200];
	int n;
#ifdef HAVE_JANSSON
	json_t *said, *made;
#endif

	(void)state;
	for (f = render_formats; f->name != NULL; f++) {
		r = result_new("answer");
		r->state = RESULT_CRITICAL;
		set(r, RESULT_SUMMARY, words);
		buf_truncate(&out, 0);
		assert_int_equal(f->render(r, &plain, &out), 0);
		result_free(r);
		n = f->say(text, sizeof(text), "MQUEUE", RESULT_CRITICAL,
		    words);
		assert_int_equal(n, strlen(text));
		if (f->render == render_nagios)
			assert_string_equal(text, buf_str(&out));
#ifdef HAVE_JANSSON
		if (f->render != render_json)
			continue;
		said = json_loads(text, 0, NULL);
		made = json_loads(buf_str(&out), 0, NULL);
		assert_true(json_is_object(said) && json_equal(said, made));
		assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
		json_decref(said);
		json_decref(made);
#endif
	}
	buf_free(&out);
}

static void
test_ok(void **state)
{
	struct result *r = result_new("queues"), *a;

	(void)state;
	expect(result_new("nothing"), "MQUEUE OK - \n");
	a = result_add(r, "mqueue", RESULT_OK);
	set(a, RESULT_SUMMARY, "mqueue 40 messages");
	set(a, RESULT_DETAIL, "40 messages; /var/spool/mqueue");
	add_perf(r, "mqueue", 40, 0);
	expect(r,
	    "MQUEUE OK - mqueue 40 messages | mqueue=40;;;0\n"
	    "mqueue OK: 40 messages; /var/spool/mqueue\n");
}

static void
test_tree(void **state)
{
	struct result *r = result_new("queues"), *a, *b, *c;

	(void)state;
	a = result_add(r, "mqueue", RESULT_OK);
	set(a, RESULT_SUMMARY, "mqueue 40");
	set(a, RESULT_DETAIL, "40 messages");
	b = result_add(r, "mqueue.in", RESULT_OK);
	set(b, RESULT_SUMMARY, "mqueue.in 1300");
	set(b, RESULT_DETAIL, "1300 messages");
	c = result_add(b, "messages", RESULT_WARNING);
	set(c, RESULT_DETAIL, "1300, which is over 1200");
	set(c, RESULT_ADVICE, "does MailScanner run");
	c = result_add(c, "deeper", RESULT_OK);
	set(c, RESULT_ADVICE, "no detail");
	result_add(b, "growth", RESULT_OK);
	add_perf(r, "mqueue", 40, 0);
	add_perf(r, "mqueue_in", 1300, 0);
	expect(r,
	    "MQUEUE WARNING - mqueue.in 1300; mqueue 40"
	    " | mqueue=40;;;0 mqueue_in=1300;;;0\n"
	    "mqueue.in WARNING: 1300 messages\n"
	    "  messages WARNING: 1300, which is over 1200\n"
	    "    -> does MailScanner run\n"
	    "    deeper OK\n"
	    "      -> no detail\n"
	    "  growth OK\n"
	    "mqueue OK: 40 messages\n");
}

/* The first line's text has 200 bytes at most, and says that it was cut. */
static void
test_text_cut(void **state)
{
	char text[300], want[400];
	struct result *r;
	size_t n;

	(void)state;
	for (n = 190; n < 210; n++) {
		r = result_new("root");
		set(result_add(r, "a", RESULT_OK), RESULT_SUMMARY, "1");
		snprintf(text, sizeof(text), "%0*d", (int)n - 3, 0);
		set(result_add(r, "b", RESULT_OK), RESULT_SUMMARY, text);
		add_perf(r, "x", 1, 0);
		snprintf(want, sizeof(want),
		    "MQUEUE OK - 1; %0*d%s | x=1;;;0\n"
		    "a OK\nb OK\n",
		    (int)(n <= 200 ? n - 3 : 194), 0, n <= 200 ? "" : "...");
		expect(r, want);
	}
	assert_int_equal(RENDER_TEXT_MAX, 200);
}

/* A tree of n perfdata items whose keep goes round 0 to 4. */
static struct result *
tree_of_items(size_t n, double value)
{
	struct result *r = result_new("root");
	char text[301], label[32];
	size_t i;

	snprintf(text, sizeof(text), "%0300d", 0);
	set(result_add(r, "a", RESULT_CRITICAL), RESULT_SUMMARY, text);
	for (i = 0; i < n; i++) {
		snprintf(label, sizeof(label), "item%02zu", i);
		/* Values of all widths, or all of the greatest. */
		add_perf(r, label, value != 0 ? value : (double)(i * i),
		    (unsigned int)(i % 5));
	}
	return r;
}

/* Which items are there must not depend on the numbers. */
static void
test_keep(void **state)
{
	char label[32], *narrow, *wide;
	size_t n, i, left = 0, keep;
	bool there;

	(void)state;
	for (n = 1; n <= 90; n++) {
		narrow = render(tree_of_items(n, 0), &plain);
		wide = render(tree_of_items(n, 999999999), &plain);
		assert_in_range(strcspn(wide, "\n"), 1, RENDER_LINE_MAX);
		/* All up to the first one left out, and no later keep. */
		for (keep = 1; keep < 5 && keep < n; keep++) {
			snprintf(label, sizeof(label), " item%02zu=", keep);
			if (strstr(wide, label) == NULL)
				break;
		}
		for (i = 0, left = 0; i < n; i++) {
			snprintf(label, sizeof(label), " item%02zu=", i);
			there = i % 5 < keep;
			left += !there;
			assert_int_equal(strstr(wide, label) != NULL, there);
			assert_int_equal(strstr(narrow, label) != NULL, there);
		}
		snprintf(label, sizeof(label), "\n%zu of %zu perf", left, n);
		assert_int_equal(strstr(wide, label) != NULL, left != 0);
		free(narrow);
		free(wide);
	}
	assert_int_equal(left, 72);
}

/*
 * The edge: 32 items of 20 bytes, seven more and the blanks fit into what 900
 * bytes leave to them, one more item does not.  The bar is there though the
 * first is left out, and is not when all of them are.
 */
static void
test_keep_edge(void **state)
{
	static const char one_left[] =
	    "MQUEUE OK -  | item33_234567=1;;;0\n"
	    "32 of 33 perfdata items do not fit into 900 bytes:"
	    " -v prints them all, or watch fewer queues per check\n";
	static const char none_left[] =
	    "MQUEUE OK - \n"
	    "34 of 34 perfdata items do not fit into 900 bytes:"
	    " -v prints them all, or watch fewer queues per check\n";
	struct result *r;
	size_t n, i;
	char *got, label[32];

	(void)state;
	for (n = 32; n <= 34; n++) {
		r = result_new("root");
		for (i = 1; i <= n; i++) {
			snprintf(label, sizeof(label), "item%02zu%s", i,
			    i == n ? "_234567" : "");
			add_perf(r, label, 1, n < 34 && i < n);
		}
		got = render(r, &plain);
		if (n == 32)
			assert_non_null(strstr(got, " | item01=1;;;0 item02"));
		else
			assert_string_equal(got,
			    n == 33 ? one_left : none_left);
		free(got);
	}
}

/* With -v, once is enough, nothing is left out, and nothing is told of it. */
static void
test_keep_verbose(void **state)
{
	struct result *r = tree_of_items(240, 999999999);
	char label[32], *got = render(r, &verbose);
	size_t i;

	(void)state;
	for (i = 0; i < 240; i++) {
		snprintf(label, sizeof(label), " item%02zu=999999999;;;0", i);
		assert_non_null(strstr(got, label));
		assert_true(strstr(got, label) < strchr(got, '\n'));
	}
	assert_null(strstr(got, "do not fit"));
	free(got);
}

static struct result *
tree_of_children(size_t n)
{
	struct result *r = result_new("root");
	char text[64];
	size_t i;

	snprintf(text, sizeof(text), "%0*d", (int)(n % 40), 1);
	for (i = 0; i < n; i++)
		set(result_add(r, "child", RESULT_OK), RESULT_DETAIL, text);
	return r;
}

/* 4000 bytes with the note, cut at the end of a line; all of it with -v. */
static void
test_output_cut(void **state)
{
	static const char note[] = "\n... (all of it: -v)\n";
	char *got, *all;
	size_t n, len, last;

	(void)state;
	for (n = 60; n < 130; n++) {
		got = render(tree_of_children(n), &plain);
		all = render(tree_of_children(n), &verbose);
		len = strlen(got);
		if (strlen(all) <= RENDER_OUTPUT_MAX) {
			assert_string_equal(got, all);
		} else {
			assert_in_range(len, RENDER_OUTPUT_MAX - 80,
			    RENDER_OUTPUT_MAX);
			last = len - (sizeof(note) - 1);
			assert_string_equal(got + last, note);
			assert_memory_equal(got, all, last);
			assert_int_equal(all[last], '\n');
		}
		assert_null(strstr(all, note));
		free(got);
		free(all);
	}
}

/* Whatever a text holds: one bar, printable ASCII, our own lines only. */
static void
test_hostile(void **state)
{
	struct result *r = result_new("root"), *a, *b;
	char text[256], *got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)(i + 1);
	text[i] = '\0';
	a = result_add(r, text, RESULT_OK);
	set(a, RESULT_SUMMARY, text);
	set(a, RESULT_DETAIL, text);
	set(a, RESULT_ADVICE, text);
	b = result_add(a, text, RESULT_OK);
	set(b, RESULT_DETAIL,
	    "a|b\n@@\nc\xc3\xa4"
	    "d\x1b[m\r\x7f");
	add_perf(r, "x", 1, 0);
	got = render(r, &verbose);
	assert_non_null(strstr(got, ": a_b?@@?c??d?[m??\n"));
	assert_null(strchr(strchr(got, '|') + 1, '|'));
	assert_string_equal(strstr(got, " | "), strchr(got, '|') - 1);
	assert_true(strcspn(got, "\n") > (size_t)(strchr(got, '|') - got));
	for (i = 0; got[i] != '\0'; i++)
		if (got[i] != '\n')
			assert_in_range(got[i], 0x20, 0x7e);
	/* First line, two lines for a, one for b. */
	for (i = 0; strchr(got, '\n') != NULL; i++)
		*strchr(got, '\n') = ' ';
	assert_int_equal(i, 4);
	free(got);
}

#ifdef HAVE_JANSSON
/* Renders, reads it back, and compares it with its members in order. */
static void
expect_json(struct result *r, const struct render_options *opt,
    const char *want)
{
	struct buf out = BUF_INIT;
	json_t *root;
	char *got;

	result_settle(r);
	assert_int_equal(render_json(r, opt, &out), 0);
	result_free(r);
	/* One line, or indented; either way the whole text is one object. */
	assert_int_equal(out.data[out.len - 1], '\n');
	assert_int_equal(strcspn(out.data, "\n") == out.len - 1,
	    opt->verbose == 0);
	root = json_loads(out.data, 0, NULL);
	assert_true(json_is_object(root));
	got = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(got, want);
	free(got);
	json_decref(root);
	buf_free(&out);
}

static void
test_json(void **state)
{
	struct result *r = result_new("queues"), *a, *b;
	struct perf p = { .label = "mqueue",
		.value = 1300,
		.has_warn = true,
		.warn = { 0, 1200, false },
		.has_crit = true,
		.crit = { 10, 20.5, true } };

	(void)state;
	a = result_add(r, "mqueue", RESULT_OK);
	set(a, RESULT_SUMMARY, "a \"quoted\" \\ text");
	set(a, RESULT_DETAIL, "1300 messages");
	b = result_add(a, "messages", RESULT_CRITICAL);
	set(b, RESULT_ADVICE, "mailq");
	result_add_perf(r, &p);
	p = (struct perf){ .label = "x", .value = -0.5, .uom = PERF_SECONDS };
	result_add_perf(r, &p);
	p = (struct perf){ .label = "y", .uom = PERF_SECONDS, .unknown = true };
	result_add_perf(r, &p);
	expect_json(r, &plain,
	    "{\"code\":2,\"perfdata\":["
	    "{\"crit\":\"@10:20.5\",\"label\":\"mqueue\",\"uom\":\"\","
	    "\"value\":1300,\"warn\":\"1200\"},"
	    "{\"label\":\"x\",\"uom\":\"s\",\"value\":-0.5},"
	    "{\"label\":\"y\",\"uom\":\"s\",\"value\":null}],"
	    "\"results\":[{\"detail\":\"1300 messages\",\"results\":["
	    "{\"advice\":\"mailq\",\"results\":[],"
	    "\"state\":\"CRITICAL\",\"subject\":\"messages\"}],"
	    "\"state\":\"CRITICAL\",\"subject\":\"mqueue\","
	    "\"summary\":\"a \\\"quoted\\\" \\\\ text\"}],"
	    "\"service\":\"MQUEUE\",\"state\":\"CRITICAL\","
	    "\"summary\":\"a \\\"quoted\\\" \\\\ text\",\"version\":1}");
	/* Members without a value are left out; lists are always there. */
	expect_json(result_new("none"), &verbose,
	    "{\"code\":0,"
	    "\"perfdata\":[],\"results\":[],\"service\":\"MQUEUE\","
	    "\"state\":\"OK\",\"summary\":\"\",\"version\":1}");
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_say),
		cmocka_unit_test(test_ok),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_text_cut),
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_keep_edge),
		cmocka_unit_test(test_keep_verbose),
		cmocka_unit_test(test_output_cut),
		cmocka_unit_test(test_hostile),
#ifdef HAVE_JANSSON
		cmocka_unit_test(test_json),
#endif
	};

	return UNIT_RUN(tests);
}
