#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqc_tmux.t - mqc on a terminal: headers, colours, sizes, the bell, the end
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Fleet;
use Test::More;

my $mqc = program('mqc');
need('tmux', $mqc);
my $dir = tempdir();
# Each terminal has a server of its own, which ends with its last window.
my $terminals = 0;
my $fleet = MQ::Fleet->new('cats-mx1' => 'ok 39 726',
    'cats-mx2' => 'ok 53 550', 'cats-mx3' => 'ok 37 452');

sub tmux {
	my $r = run({env => {HOME => $dir, TERM => 'xterm-256color'}},
	    'tmux', '-S', "$dir/tmux.$terminals", '-f', '/dev/null', @_);
	die "tmux @_: $r->{err}\n" if $r->{code};
	return $r->{out};
}

END {
	local $?;
	eval { tmux('kill-server') } if $terminals;
}

# terminal($columns, $rows, \%env, ARGUMENT...): mqc in a window, with a shell
# behind it that says how it ended.
sub terminal {
	my ($columns, $rows, $env, @args) = @_;
	tmux('kill-server') if $terminals;
	$terminals++;
	tmux('new-session', '-d', '-x', $columns, '-y', $rows, 'env',
	    map({ "$_=$env->{$_}" } sort keys %$env), 'sh', '-c',
	    'trap : INT; before=$(stty -g); "$@"; echo "ended $?";'
	    . '[ "$before" != "$(stty -g)" ] || echo "modes as before";'
	    . 'read x', 'sh', $mqc, @args);
}

sub screen { return tmux('capture-pane', '-p', @_) }

# Waits until the screen matches, and returns it.
sub shows {
	my ($what, $re, @options) = @_;
	my $screen;
	my $ok = eval { wait_for(sub {
		($screen = screen(@options)) =~ $re;
	}, $what) };
	ok($ok, $what) or diag $screen;
	return $screen;
}

# The header is always in sight. On a terminal of 24 lines that is once in 20,
# on a small one more often.
spew("$dir/record", "mqc-record 1\t30\n", map { my $at = 1795532400 + 30 * $_;
	"$at\tmx1\t1\tok\t" . MQ::Fleet::report(in => $_, out => 100 + $_)
	    =~ s/time \d+/time $at/r =~ s/\n(?=.)/\t/gr } 1 .. 100);
terminal(80, 24, {}, '--replay', "$dir/record", '--speed', '0');
my $screen = shows('the end of a recording', qr/^ended 0$/m, '-S', '-');
my @lines = grep { /mx1|:/ } split /\n/, $screen =~ s/ended.*//sr;
is(scalar @lines, 105, 'a header before each 20 lines');
is_deeply([grep { $lines[$_] =~ /mx1\(in:m\)/ } 0 .. $#lines],
    [0, 21, 42, 63, 84], '... and nowhere else');
terminal(80, 10, {}, '--replay', "$dir/record", '--speed', '0');
$screen = shows('the end in a small window', qr/^ended 0$/m, '-S', '-');
my $lines = () = $screen =~ /mx1\(in:m\)/g;
is($lines, 13, '... where it comes before each 8 lines');

# Colours, and what is only for terminals.
$fleet->set('cats-mx1', 'ok 39 3001');
$fleet->set('cats-mx2', 'ok 1201 550');
terminal(80, 24, {}, '-i', '1', '--bell', $fleet->hosts);
$screen = shows('a round', qr/1201:550/);
like(screen('-e'), qr/\e\[1m.*?cats-mx1\(in:m\)/, 'the title is bold');
like(screen('-e'), qr/ 39:\e\[1m\e\[31m3001/, 'over 3000 is bold red');
like(screen('-e'), qr/ \e\[33m1201\e\[39m:550/, 'over 1200 is yellow');
is(tmux('display-message', '-p', '#{window_bell_flag}'), "0\n",
    'what is over a limit at first sight does not ring');
tmux('new-window', '-d', 'sleep 100');
tmux('select-window', '-t', ':1');
$fleet->set('cats-mx3', 'ok 37 1300');
ok(eval { wait_for(sub {
	tmux('display-message', '-p', '-t', ':0', '#{window_bell_flag}') eq
	    "1\n";
}, 'the bell') }, '--bell rings when one goes over');
tmux('select-window', '-t', ':0');
tmux('kill-window', '-t', ':1');
$fleet->set('cats-mx3', 'refuse');
shows('a host that does not answer is dim or in its colour', qr/
    \e\[2m37\?\e\[0m.*?:\e\[33m1300\?/x, '-e');

# A narrower window shows the worst; a wider one all again.
tmux('resize-window', '-x', '40', '-y', '24');
shows('fewer columns: the worst, and how many are left', qr/
    ^\ cats-mx1\(in:m\)\ \ cats-mx3\(in:m\)\n
    \ +39:3001\ +37\?:1300\?\ \ \+1\ more\n/mx);
tmux('resize-window', '-x', '100', '-y', '24');
shows('more columns: all', qr/
    ^\ cats-mx1\(in:m\)\ \ cats-mx2\(in:m\)\ \ cats-mx3\(in:m\)\n
    \ +39:3001\ +1201:550\ +37\?:1300\?\n/mx);

# The end: the terminal as it was.
tmux('send-keys', 'C-c');
shows('^C: exit status 0', qr/^(?:\^C)?ended 0$/m);
shows('the terminal as it was', qr/^modes as before$/m);
like(screen('-e'), qr/^(?:\e\[\S*m)*(?:\^C)?ended 0$/m, '... and no colour');

# Those who want no colours.
for my $env ({NO_COLOR => 1}, {TERM => 'dumb'}) {
	my ($name, $value) = %$env;
	terminal(80, 24, $env, '--once', $fleet->hosts('cats-mx1'));
	shows("$name=$value", qr/^ended 0$/m);
	unlike(screen('-e') =~ s/ended.*//sr, qr/\e/, '... has none');
}

# The arrow: 80 messages a minute and more, over a minute.
spew("$dir/record", "mqc-record 1\t30\n", map { my $at = 1795532400 + 30 * $_;
	"$at\tmx1\t1\tok\t" . MQ::Fleet::report(in => 40 * $_, out => 7)
	    =~ s/time \d+/time $at/r =~ s/\n(?=.)/\t/gr } 1 .. 4);
terminal(80, 24, {}, '--replay', "$dir/record", '--speed', '0');
$screen = shows('fast growth', qr/^ended 0$/m);
like($screen, qr/^ +80:7\n +\^120:7\n +\^160:7$/m, '... has an arrow');
is(run($mqc, '--replay', "$dir/record", '--speed', '0')->{out} =~ tr/^//, 0,
    '... on a terminal only');

done_testing;
