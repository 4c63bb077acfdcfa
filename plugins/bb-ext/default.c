/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * default.c - what the environment tells bb-ext where no option does
 *
 * Xymon's variables win over Big Brother's: Xymon's client sets both.
 */
#include <string.h>

#include "base/cli.h"
#include "base/num.h"
#include "plugins/bb-ext/default.h"

static bool
default_is_set(const char *s)
{
	return s != NULL && *s != '\0';
}

/* 0.0.0.0 says that the displays are in the variable for several. */
static bool
default_is_display(const char *s)
{
	return default_is_set(s) && strcmp(s, "0.0.0.0") != 0;
}

int
bbext_default_port(struct bbext_config *c, const struct bbext_env *env,
    struct buf *why)
{
	const char *name = "XYMONDPORT", *reason;
	int64_t number;

	c->port = env->xymondport;
	if (!default_is_set(c->port)) {
		name = "BBPORT";
		c->port = default_is_set(env->bbport) ? env->bbport :
							BBEXT_PORT;
	}
	return num_int64(c->port, 1, 65535, &number, &reason) == 0 ?
	    0 :
	    cli_bad_value(why, name, c->port, reason);
}

/* Finds the program that sends; neither of them sends Big Sister's form. */
static void
default_find_program(struct bbext_config *c, const struct bbext_env *env)
{
	if (!c->big_sister && default_is_set(env->xymon))
		c->xymon = env->xymon;
	else if (!c->big_sister && default_is_set(env->bb))
		c->bb = env->bb;
}

/* The displays of the environment, if no option named any. */
static int
default_find_displays(struct bbext_config *c, const struct bbext_env *env,
    struct buf *why)
{
	const struct {
		const char *name, *value;
		bool found;
	} rows[] = { { "XYMSRV", env->xymsrv, default_is_display(env->xymsrv) },
		{ "XYMSERVERS", env->xymservers,
		    default_is_set(env->xymservers) },
		{ "BBDISP", env->bbdisp, default_is_display(env->bbdisp) },
		{ "BBDISPLAYS", env->bbdisplays,
		    default_is_set(env->bbdisplays) } };
	size_t i;

	if (c->displays.n != 0)
		return 0;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].found)
			return bbext_config_add_displays(c, rows[i].name,
			    rows[i].value, why);
	return 0;
}

/* Can what sends reach each display? */
static int
default_check_displays(const struct bbext_config *c, struct buf *why)
{
	size_t i;

	if (c->displays.n == 0) {
		buf_adds(why,
		    "there is no display to send to: --display HOST,"
		    " or let Xymon's client or Big Brother run this (XYMSRV,"
		    " BBDISP)");
		return -1;
	}
	for (i = 0; i < c->displays.n; i++)
		if (c->displays.v[i].is_url && c->xymon == NULL)
			return cli_bad_value(why, "display",
			    c->displays.v[i].text,
			    "a URL needs Xymon's client"
			    " program (XYMON)");
	return 0;
}

static int
default_find_host(struct bbext_config *c, const struct bbext_env *env,
    struct buf *why)
{
	if (c->host != NULL)
		return 0;
	if (default_is_set(env->machine))
		return bbext_config_set_host(c, "MACHINE", env->machine, why);
	if (default_is_set(env->machinedots))
		return bbext_config_set_host(c, "MACHINEDOTS", env->machinedots,
		    why);
	return bbext_config_set_host(c, "this machine's name", env->hostname,
	    why);
}

/* The plugin's path, and the column that its name gives. */
static int
default_find_plugin(struct bbext_config *c, struct buf *why)
{
	static const char check[] = "check_";
	const char *name = c->command[0], *slash = strrchr(name, '/');
	struct buf path = BUF_INIT;

	if (slash == NULL)
		buf_addf(&path, "%s/", MQ_PLUGINDIR);
	buf_adds(&path, name);
	if ((c->plugin = buf_take(&path)) == NULL)
		return bbext_config_no_memory(why);
	if (c->column != NULL)
		return 0;
	name = slash != NULL ? slash + 1 : name;
	if (strncmp(name, check, sizeof(check) - 1) == 0)
		name += sizeof(check) - 1;
	return bbext_config_set_column(c, "the plugin's name", name,
	    strcspn(name, "."), why);
}

int
bbext_default_fill(struct bbext_config *c, const struct bbext_env *env,
    struct buf *why)
{
	if (*c->command == NULL) {
		buf_adds(why,
		    "which plugin? bb-ext [options] PLUGIN"
		    " [ARGUMENT]...");
		return -1;
	}
	/*
	 * A display drops a status that is not renewed in time.  This is time
	 * enough for two that are missed.
	 */
	if (c->lifetime == 0 && !c->big_sister)
		c->lifetime = (3 * c->interval + 59) / 60;
	default_find_program(c, env);
	if (default_find_plugin(c, why) != 0 ||
	    default_find_host(c, env, why) != 0 ||
	    default_find_displays(c, env, why) != 0)
		return -1;
	return c->action == BBEXT_RUN && !c->print ?
	    default_check_displays(c, why) :
	    0;
}
