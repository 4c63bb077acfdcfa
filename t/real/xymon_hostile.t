#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# xymon_hostile.t - what strangers may put into a status, and what a real Xymon
# makes of it
#
# Each text is first sent as it is, to see that Xymon acts on it, and then by
# bb-ext, from a plugin that prints it and from a queue that is called so.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Hostile;
use MQ::Lab;
use MQ::Xymon;
use Test::More;

need('root', 'lab', '/usr/lib/xymon/server/bin/xymond');

my $work = tempdir();
mkdir "$work/state";
chmod 01777, "$work/state";
install_plugins('xymon');
install(builddir() . '/plugins/bb-ext', '/usr/bin/bb-ext');
my $xymon = MQ::Xymon->new->start;
my $host = $xymon->host;
my $name = $host =~ tr/./,/r;

# Waits until the worker has seen all that was sent before.
my $marks = 0;
sub settle {
	my $mark = 'mark' . ++$marks;
	$xymon->raw("status $name.mqueue green x\n$mark : 1\n");
	wait_for(sub { -e $xymon->rrd_path("mqueue,$mark.rrd") }, 30,
	    'the worker');
	unlink $xymon->rrd_path("mqueue,$mark.rrd");
}

# What the worker has recorded since the last call.
sub recorded {
	settle();
	my @files = $xymon->rrd_files;
	unlink map { m{/} ? "/var/lib/xymon/rrd/$_" : $xymon->rrd_path($_) }
	    @files;
	return @files;
}

# The columns of all hosts.
sub columns {
	return sort map { "$_->[0].$_->[1]" } $xymon->board('color');
}

subtest 'Xymon acts on such texts when nobody cleans them' => sub {
	my $raw = sub {
		$xymon->raw("status $name.mqueue green @_");
		return join "\n", $xymon->shown('mqueue');
	};
	recorded();
	like($raw->("<script>1</script>\n"), qr/<script>/, 'HTML');
	like($xymon->page('mqueue') . $raw->("x &red\n"), qr/ &red/, 'an icon');
	like($xymon->page('mqueue'), qr{/red\.gif"}, '... which is shown');
	$raw->("x\nforged : 5\n");
	is_deeply([recorded()], ['mqueue,forged.rrd'], 'a row');
	like($raw->("x\none\nStatus message received from 1.2.3.4\ntwo\n"),
	    qr/one\z/, 'a text that ends') or diag $xymon->page('mqueue');
	like($xymon->page('mqueue'), qr/received from 1\.2\.3\.4/,
	    '... with another sender');
	my $page = length $xymon->page('mqueue');
	$raw->("x\n<!-- linecount=2000 -->\n");
	cmp_ok(length $xymon->page('mqueue'), '>', 50 * $page,
	    'a page without end');
	$xymon->raw("combo\nstatus $name.mqueue green x\n\n"
	    . "status $name.forged red x\n");
	ok((grep { /forged$/ } columns()), 'a second status, in a combo');
	$xymon->raw("drop $host forged");
	my $now = time;
	$raw->("x\n\@\@\n\@\@status#1/$host|$now.0|10.0.0.1||other.example.net"
	    . "|mqueue|" . ($now + 900) . "|red||green|$now|0||0||||\n"
	    . "red x\nother : 5\n\@\@\n");
	ok((grep { m{^other\.example\.net/} } recorded()),
	    'a status of another host, for the worker');
};

# A plugin that prints what a file says.
my $stub = plugin_dir() . '/check_stub';
put($stub, "#!/bin/sh\ncat $work/said\nexit 1\n",
    mode => 0755);

# expect($printed): what bb-ext printed is what Xymon has and shows.
sub expect {
	my ($column, $printed) = @_;
	# The clock goes on between two runs.
	my $mask = sub {
		return $_[0] =~ s/ \d\d:\d\d:\d\d / TIME /r
		    =~ s/ : \d+ s$/ : AGE/gmr;
	};
	my ($colour, $first, $rest) = $printed =~ /^\S+ \S+ (\S+) (.*?)\n(.*)/s;
	my (undef, $message) = $xymon->log($column);
	is($mask->($message), $mask->("$colour $first\n$rest"),
	    '... Xymon has all of it');
	my ($shown, $more) = $xymon->shown($column);
	is_deeply([map { $mask->($_) } $shown, $more],
	    [map { $mask->($_) } $first, $rest],
	    '... the page shows it as it is');
}

sub readable {
	my ($text) = @_;
	return substr $text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger, 0, 50;
}

subtest 'a plugin that prints them' => sub {
	recorded();
	for my $text (hostile_texts()) {
		for my $output (hostile_outputs($text)) {
			spew("$work/said", $output);
			my $r = $xymon->bbext('--test', 'mqueue', $stub);
			is($r->{code}, 0, 'sent: ' . readable($text))
			    or diag $r->{err};
			my $printed = $xymon->bbext('--test', 'mqueue',
			    '--print', $stub)->{out};
			is_harmless($printed, $output, '... harmless');
			expect('mqueue', $printed);
		}
	}
	is_deeply([recorded()], ['mqueue,messages.rrd'],
	    'one number is recorded, of this host');
	is_deeply([columns()], ["$host.mqueue"], 'there is one status');
	is($xymon->raw('ghostlist'), '', 'and none of an unknown host');
};

subtest 'a queue that is called so' => sub {
	my @names = grep { $_ !~ m{[/\0]} && length $_ < 200 } hostile_texts();
	cmp_ok(scalar @names, '>', 25, scalar @names . ' names');
	for my $queue (@names) {
		make_queue("$work/$queue", 3, age => 600);
		my @check = (plugin_dir() . '/check_mqueue', '--state-dir',
		    "$work/state", '-w', 2, '-q', "x=$work/$queue", '-vv');
		$check[-2] = "$work/$queue" if $queue !~ /=/;
		my $r = $xymon->bbext('--test', 'mqueue', @check);
		is($r->{code}, 0, 'sent: ' . readable($queue))
		    or diag $r->{err};
		my $printed = $xymon->bbext('--test', 'mqueue', '--print',
		    @check)->{out};
		like($printed, qr/^\S+ \S+ yellow .* MQUEUE WARNING - /,
		    '... counted');
		is_harmless($printed, run(@check)->{out}, '... harmless');
		expect('mqueue', $printed);
	}
	my @files = recorded();
	is(scalar(grep { !/^mqueue,[a-z][a-z0-9_]{0,18}\.rrd$/ } @files), 0,
	    'plain names of files') or diag "@files";
	is_deeply([columns()], ["$host.mqueue"], 'there is one status');
};

# A queue of messages of hosts that call themselves so, in every field that is
# theirs to choose.
sub flooded_queue {
	my ($dir, @texts) = @_;
	mkdir $dir or die "$dir: $!\n";
	my ($n, $host, $now) = (0, 0, time - 600);
	for my $text (@texts) {
		$host++;
		for (1 .. 3) {
			my $id = queue_id($now, $n++);
			spew("$dir/qf$id", "V8\nT$now\nK0\nN0\nP30300\n",
			    "\$_$text [192.0.2.$host]\n\$rESMTP\n",
			    "\$s$text\nS<$text>\nRPFD:<b\@lab.example.net>\n",
			    "H??Subject: x\n.\n");
			spew("$dir/df$id", "x\n");
		}
	}
}

subtest 'remote hosts that call themselves so' => sub {
	my @texts = grep { !/[\n\0]/ && length $_ < 200 } hostile_texts();
	recorded();
	# The directory's own name is plain: the texts come from its files.
	flooded_queue("$work/flooded", @texts);
	for my $by ('relay', 'helo', 'sender', 'name') {
		my @check = (plugin_dir() . '/check_relayflood', '-q',
		    "$work/flooded", '--by', $by, '-w', '1,1%', '-c',
		    '100,90%', '--top', 100, '-v');
		my $output = run(@check)->{out};
		like($output, qr/^RELAYFLOOD WARNING - /, "by $by: flooded");
		my $r = $xymon->bbext('--test', 'mqueue', @check);
		is($r->{code}, 0, '... sent') or diag $r->{err};
		my $printed = $xymon->bbext('--test', 'mqueue', '--print',
		    @check)->{out};
		is_harmless($printed, $output, '... harmless');
		expect('mqueue', $printed);
	}
	is_deeply([recorded()], [map { "mqueue,$_.rrd" } qw(messages
	    oldest_other read relays relays_over sampled top_count
	    top_share)], 'its numbers are recorded, and no others');
	is_deeply([columns()], ["$host.mqueue"], 'there is one status');
};

subtest 'hosts and columns that are called so' => sub {
	spew("$work/said", "OK\n");
	for my $text (grep { !/\0/ && !/^\w+$/ } hostile_texts()) {
		my $r = $xymon->bbext('--host', $text, $stub);
		is($r->{code}, 2, 'refused: ' . readable($text));
		$r = $xymon->bbext('--test', $text, $stub);
		is($r->{code}, 2, '... as a column');
	}
	is_deeply([columns()], ["$host.mqueue"], 'there is one status');
};

stop_servers();
is_deeply([leftovers()], [], 'no process is left');
done_testing();
