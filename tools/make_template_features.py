"""Write what transformers renders of one-line Jinja features, and which of them it refuses.

Each template is one feature that chat templates use, or might. Makes `fixtures/template-features.json`:
`{special_tokens, messages, features}`, a feature `[template, text]`; text is null where rendering fails.

Usage: python tools/make_template_features.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import transformers
from transformers.utils.chat_template_utils import render_jinja_template

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "template-features.json"
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>"}
MESSAGES = [
    {"role": "system", "content": " Be brief.\n"},
    {"role": "user", "content": "What is ½ of 10?"},
    {"role": "assistant", "content": "\n5, 'five' & <five>"},
]

FEATURES = r"""
{{ messages | length }}
{{ messages|count }}
{{ messages[0].role }}{{ messages[-1]['role'] }}
{{ messages[5] is defined }}
{{ messages[5] }}
{{ messages[5].role }}
{{ messages[0].missing }}|{{ messages[0]['missing'] is defined }}
{{ missing }}
{{ missing.attribute }}
{{ missing is none }}
{{ missing ~ 'x' }}
{{ missing + 'x' }}
{{ missing == none }}
{{ 'x' in missing }}
{{ none }}
{{ none is none }}
{{ None }}{{ True }}{{ False }}
{{ true and 'a' or 'b' }}
{{ not messages }}
{{ '' or 'empty' }}
{{ 0 or none }}
{{ 1 == 1.0 }}
{{ 1 == true }}
{{ 'a' == 'a' != false }}
{{ 1 < 2 < 3 }}
{{ 3 > 2 > 2 }}
{{ 'a' < 'b' }}
{{ [1, 2] < [1, 3] }}
{{ [1, 2] == [1, 2] }}
{{ {'a': 1} == {'a': 1} }}
{{ none == false }}
{{ 1 / 2 }}
{{ 4 / 2 }}
{{ 7 // 2 }}{{ -7 // 2 }}
{{ 7 % 3 }}{{ -7 % 3 }}
{{ 2 ** 10 }}
{{ 2 ** -1 }}
{{ 1 + 2.5 }}
{{ 0.1 + 0.2 }}
{{ 1e3 }}{{ 1.5e-7 }}
{{ 10 ** 20 }}
{{ 1_000 }}
{{ -3 | abs }}
{{ +3 }}
{{ 'a' * 3 }}
{{ 3 * 'ab' }}
{{ [1] * 3 }}
{{ [1] + [2] }}
{{ 'a' + 1 }}
{{ 'a' ~ 1 ~ none ~ 1.0 ~ true }}
{{ [1, 'a', none, true, 1.5] }}
{{ {'a': 1, 'b': [none]} }}
{{ (1, 2) }}
{{ (1,) }}
{{ () }}
{{ ['it\'s', "say \"x\"", 'both \' "'] }}
{{ ['a\nb\t\\'] }}
{{ ['é', '한', '\u200b'] }}
{{ messages[0] }}
{{ messages }}
{{ {} }}{{ [] }}
{{ {1: 'a'} }}
{{ {1: 'a'}[1] }}
{{ {none: 'a'} }}
{{ {'a': 1}.a }}
{{ {'items': 1}.items }}
{{ {'items': 1}['items'] }}
{{ {'a': 1}.get('b') }}
{{ {'a': 1}.get('b', 2) }}
{{ {'a': 1, 'b': 2}.items() | list }}
{{ {'a': 1, 'b': 2}.keys() | list }}
{{ {'a': 1, 'b': 2}.values() | list }}
{{ {'a': 1, 'b': 2} | list }}
{{ {'a': 1}.keys() }}
{{ {'a': 1}.items() }}
{{ {'b': 1, 'a': 2} | items | list }}
{{ {'b': 1, 'a': 2} | dictsort }}
{{ {'b': 1, 'A': 2} | dictsort(case_sensitive=true) }}
{{ {'b': 1, 'a': 2} | dictsort(by='value') }}
{{ {'b': 1, 'a': 2} | dictsort(false, 'value', true) }}
{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}
{% for k in {'a': 1, 'b': 2} %}{{ k }}{% endfor %}
{% for c in 'abc' %}{{ c }}.{% endfor %}
{% for m in messages %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}
{% for m in messages %}{{ loop.previtem.role if loop.previtem is defined else '-' }}>{{ loop.nextitem.role if loop.nextitem else '-' }};{% endfor %}
{% for m in messages %}{{ loop.cycle('a', 'b') }}{% endfor %}
{% for m in messages %}{{ loop.changed(m.role == 'user') }}{% endfor %}
{% for m in messages %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}
{% for a in [1, 2] %}{% for b in [1, 2] %}{{ loop.depth }}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}
{% for m in messages if m.role != 'system' %}{{ loop.index }}{{ m.role }}{% endfor %}
{% for m in [] %}x{% else %}none{% endfor %}
{% for m in missing %}x{% else %}none{% endfor %}
{% for m in none %}x{% endfor %}
{% for i in range(3) %}{{ i }}{% endfor %}
{% for i in range(5, 1, -2) %}{{ i }}{% endfor %}
{{ range(3) }}
{{ range(3) | list }}
{{ range(10)[2:8:3] | list }}
{% for i in range(3) %}{% if i == 1 %}[{{ i }}{% continue %}{% endif %}{{ i }},{% endfor %}
{% for i in range(5) %}{{ i }}{% if i == 2 %}!{% break %}{% endif %},{% endfor %}
{% for i in range(3) %}{% if i == 1 %}{% continue %}{% endif %}{{ i }}{% else %}none{% endfor %}
{% for i in range(3) %}{% continue %}{% else %}none{% endfor %}
{% for i in range(3) %}{% break %}{% else %}none{% endfor %}
{% for i in range(2) %}{% for j in range(3) %}{{ j }}{% if j == 1 %}{% break %}{% endif %}{% endfor %};{% endfor %}
{% for i in range(3) %}{% set x = i %}{% if x == 1 %}a{% continue %}{% endif %}b{{ x }}{% endfor %}
{% for i in range(3) %}{% if i %}{% if i == 1 %}<{% continue %}{% endif %}>{% endif %}{{ i }}{% endfor %}
{% macro m(x) %}{% for i in range(3) %}{{ i }}{% if i == x %}{% break %}{% endif %}{% endfor %}.{% endmacro %}{{ m(1) }}{{ m(0) }}
{% for i in range(3) %}{% set t %}a{{ i }}{% endset %}{% if i == 1 %}{{ t }}{% break %}{% endif %}{{ t }},{% endfor %}
{% for i in [1, 2] recursive %}{{ i }}{% endfor %}
{% for item in [[1, [2]], [3]] recursive %}{% if item is iterable %}({{ loop(item) }}){% else %}{{ item }}{% endif %}{% endfor %}
{% for a, b in [[1, 2], [3, 4]] %}{{ a }}-{{ b }};{% endfor %}
{% for a, b in [[1, 2, 3]] %}{{ a }}{% endfor %}
{% set x = 1 %}{% for i in range(3) %}{% set x = i %}{% endfor %}{{ x }}
{% set ns = namespace(x=1) %}{% for i in range(3) %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}
{% set ns = namespace() %}{{ ns.y is defined }}{{ ns.y }}
{% set ns = namespace(a=1) %}{{ ns }}
{% set a, b = 1, 2 %}{{ a }}{{ b }}
{% set a, b = (1, 2) %}{{ b }}{{ a }}
{% set x %}block {{ 1 + 1 }}{% endset %}{{ x }}{{ x | length }}
{% set x | upper %}block{% endset %}{{ x }}
{% if true %}{% set x = 1 %}{% endif %}{{ x }}
{% for i in [1] %}{% set y = i %}{% endfor %}{{ y is defined }}
{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}
{% macro f(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}{{ f(1, 3) }}{{ f(b=5, a=4) }}
{% macro f(a) %}{{ a is defined }}{{ a }}{% endmacro %}{{ f() }}
{% macro f(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, x=3) }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}
{% macro f() %}x{% endmacro %}{{ f() ~ f() }}{{ f() | upper }}
{% macro f() %}{{ caller() }}!{% endmacro %}{% call f() %}hi{% endcall %}
{% macro f() %}{{ caller(1) }}!{% endmacro %}{% call(x) f() %}{{ x }}{% endcall %}
{% macro f() %} x {% endmacro %}[{{ f() | trim }}]
{% set x = 5 %}{% macro f() %}{{ x }}{% endmacro %}{% set x = 6 %}{{ f() }}
{% filter upper %}text {{ 1 }}{% endfilter %}
{{ 'a b' | title }}{{ "it's o'clock" | title }}{{ "it's" .title() }}
{{ 'heLLo wORLD' | capitalize }}
{{ 'heLLo wORLD'.capitalize() }}
{{ 'Hello' | upper }}{{ 'Hello' | lower }}{{ 'ß'.upper() }}
{{ ' a ' | trim }}|{{ 'xax' | trim('x') }}
{{ ' a '.strip() }}|{{ 'xay'.strip('xy') }}|{{ ' a '.lstrip() }}|{{ ' a '.rstrip() }}
{{ 'a,b,,c'.split(',') }}
{{ ' a  b '.split() }}
{{ 'a b c'.split(' ', 1) }}
{{ 'a b c'.rsplit(' ', 1) }}
{{ 'a-b-c'.partition('-') }}
{{ 'a-b-c'.rpartition('-') }}
{{ 'a\nb\r\nc'.splitlines() }}
{{ ','.join(['a', 'b']) }}
{{ ['a', 1, none] | join('-') }}
{{ messages | join(', ', attribute='role') }}
{{ 'abc' | join('.') }}
{{ 'aXbX'.replace('X', '-') }}{{ 'aXbX'.replace('X', '-', 1) }}{{ 'aXb' | replace('X', '-') }}{{ 'XX' | replace('X', 'y', 1) }}
{{ 'abc'.replace('', '-') }}
{{ 'abc'.find('c') }}{{ 'abc'.find('x') }}{{ 'abcb'.rfind('b') }}{{ 'abc'.index('b') }}
{{ 'abab'.count('ab') }}{{ [1, 1, 2].count(1) }}
{{ 'abc'.startswith('ab') }}{{ 'abc'.endswith(('x', 'c')) }}
{{ 'abc'.startswith('b', 1) }}
{{ 'abc'.isdigit() }}{{ '12'.isdigit() }}{{ 'a1'.isalnum() }}{{ 'AB'.isupper() }}{{ ' '.isspace() }}{{ 'ab'.isalpha() }}
{{ 'a'.zfill(3) }}{{ 'a'.rjust(3) }}{{ 'a'.ljust(3) }}|{{ 'a'.center(3, '*') }}
{{ '{} and {x}'.format(1, x=2) }}
{{ '%s is %d' | format('a', 1) }}
{{ '%s' % 'x' }}
{{ 'abc'.removeprefix('a') }}{{ 'abc'.removesuffix('c') }}
{{ 'AbC'.swapcase() }}{{ 'AbC'.casefold() }}
{{ 'abc'.encode() }}
{{ 'abc'[0] }}{{ 'abc'[-1] }}{{ 'abc'[1:] }}{{ 'abc'[::-1] }}{{ 'abc'[:-1] }}{{ 'abc'[5:] }}
{{ 'abc'[5] }}
{{ '👩🙂x' | length }}{{ '🙂x'[1] }}{{ '🙂x'[::-1] }}
{{ [1, 2, 3][1:] }}{{ [1, 2, 3][::-1] }}{{ [1, 2, 3][-2:] }}
{{ messages[1:] | length }}{{ messages[:1][0].role }}
{{ [1, 2, 3][1] }}{{ (1, 2)[0] }}
{{ [3, 1, 2] | sort }}{{ [3, 1, 2] | sort(reverse=true) }}{{ ['b', 'A'] | sort }}{{ ['b', 'A'] | sort(case_sensitive=true) }}
{{ messages | sort(attribute='role') | map(attribute='role') | list }}
{{ [1, 2, 3] | first }}{{ [1, 2, 3] | last }}{{ 'abc' | first }}{{ 'abc' | last }}
{{ [] | first }}|{{ [] | last }}
{{ [1, 2, 3] | reverse | list }}{{ 'abc' | reverse }}
{{ [1, 2, 3] | sum }}{{ [[1], [2]] | sum(start=[]) }}{{ [{'a': 1}, {'a': 2}] | sum(attribute='a') }}
{{ [1, 5, 3] | max }}{{ [1, 5, 3] | min }}{{ ['b', 'C'] | max }}
{{ [1, 2, 1, 'a', 'A'] | unique | list }}
{{ [1, 2, 3, 4] | batch(2) | list }}{{ [1, 2, 3] | batch(2, 0) | list }}
{{ [1, 2, 3, 4] | slice(3) | list }}
{{ messages | map(attribute='role') | list }}
{{ messages | map(attribute='role') }}
{{ ['a', 'b'] | map('upper') | list }}{{ ['1', '2'] | map('int') | sum }}
{{ [{'a': 1}, {}] | map(attribute='a', default='-') | list }}
{{ messages | selectattr('role', 'equalto', 'user') | list | length }}
{{ messages | selectattr('role', '==', 'user') | map(attribute='role') | join }}
{{ messages | selectattr('role', 'in', ['user', 'system']) | list | length }}
{{ messages | selectattr('tool') | list }}{{ messages | selectattr('role', 'defined') | list | length }}
{{ messages | rejectattr('role', 'equalto', 'user') | map(attribute='role') | list }}
{{ messages | rejectattr('role', 'ne', 'user') | list | length }}
{{ [1, 2, 3, 4] | select('even') | list }}{{ [1, 2, 3] | reject('odd') | list }}{{ [0, 1, ''] | select | list }}
{{ [1, 2, 3] | select('gt', 1) | list }}{{ [1, 2, 3] | select('divisibleby', 3) | list }}
{{ messages | groupby('role') | length }}
{{ messages | groupby('role') | map(attribute='grouper') | list }}
{{ missing | default('d') }}{{ '' | default('d') }}|{{ '' | default('d', true) }}{{ none | default('d') }}{{ none | d('e', boolean=true) }}
{{ missing.x | default('d') }}
{{ 'a' | default(missing) }}
{{ messages[0].x | default('d') }}
{{ '3' | int }}{{ '3.7' | int }}{{ 'x' | int }}{{ 'x' | int(5) }}{{ '3.7' | float }}{{ '0x1f' | int(0, 16) }}{{ 3.9 | int }}{{ none | int }}
{{ 3 | string | length }}{{ 3.0 | string }}{{ none | string }}{{ true | string }}{{ [1, 'a'] | string }}
{{ 3.14159 | round(2) }}{{ 2.5 | round }}{{ 3.5 | round }}{{ 42.55 | round(1, 'floor') }}{{ 42.51 | round(1, 'ceil') }}{{ 7 | round }}
{{ '<a> & "b" \'' | escape }}{{ '<' | e }}
{{ '<a>' | safe }}{{ '<b>x</b>' | striptags }}
{{ 'a b&c/é' | urlencode }}
{{ {'a': 'x y', 'b': 1} | urlencode }}
{{ 'a\nb' | indent }}|{{ 'a\nb' | indent(2, true) }}|{{ 'a\n\nb' | indent(width=1, blank=true) }}
{{ 'a b c d' | wordcount }}
{{ 'aaa bbb ccc' | wordwrap(7) }}
{{ 'a long text here' | truncate(9) }}
{{ 'a long text here' | truncate(9, true, '..') }}
{{ 'x' | center(5) }}|
{{ 1000000 | filesizeformat }}
{{ 1500 | filesizeformat(true) }}
{{ [1, 2] | pprint }}
{{ {'b': 1, 'a': 'é<&>"\''} | tojson }}
{{ {'b': [1, {'c': none}], 'a': true} | tojson(indent=2) }}
{{ [1, 2.0, 1e21, 1.5e-7] | tojson }}
{{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }}
{{ {'a': 'é'} | tojson(ensure_ascii=true) }}
{{ {'a': [1, 2]} | tojson(separators=(',', ':')) }}
{{ {'a': [1, {}], 'e': [], 'o': {}} | tojson(indent=4) }}
{{ 'line\u2028 \u007f 😀 \b\f' | tojson }}
{{ missing | tojson }}
{{ {1: 2} | tojson }}
{{ (1, 2) | tojson }}
{{ messages | tojson }}
{{ 'a' is string }}{{ 1 is string }}{{ 1 is number }}{{ 1.5 is number }}{{ true is number }}{{ 1 is integer }}{{ true is integer }}{{ 1.0 is float }}{{ true is boolean }}
{{ [] is iterable }}{{ 'a' is iterable }}{{ {} is iterable }}{{ 1 is iterable }}{{ none is iterable }}
{{ {} is mapping }}{{ [] is mapping }}{{ [] is sequence }}{{ 'a' is sequence }}{{ {} is sequence }}{{ 1 is sequence }}
{{ 3 is odd }}{{ 3 is even }}{{ 9 is divisibleby 3 }}{{ 9 is divisibleby(2) }}
{{ 1 is sameas 1 }}
{{ 1 is eq 1 }}{{ 1 is equalto(1) }}{{ true is sameas true }}{{ none is sameas none }}{{ 1 is lt 2 }}{{ 2 is ge 2 }}{{ 1 is ne 1 }}{{ 1 is in [1] }}
{{ true is true }}{{ 1 is true }}{{ false is false }}{{ 0 is false }}
{{ 'a' is lower }}{{ 'A' is upper }}{{ 'upper' is filter }}{{ 'nope' is filter }}{{ 'odd' is test }}
{{ range is callable }}{{ 'a' is callable }}
{{ 'a' is not string }}{{ missing is not defined }}{{ missing is undefined }}
{{ 1 in [1, 2] }}{{ 3 not in [1] }}{{ 'b' in 'abc' }}{{ 'a' in {'a': 1} }}{{ 1.0 in [1] }}{{ [1] in [[1]] }}{{ true in [1] }}
{{ 1 in 'abc' }}
{{ 'a' if true }}|{{ 'a' if false }}|{{ 'a' if false else 'b' }}|{{ ('a' if false) is defined }}
{{ 'x' if missing else 'y' }}
{{ 'a' 'b' }}
{{ "a\tb\\n\x41\u00e9" }}
{{ 'a\'b' }}{{ "a\"b" }}
{{ dict(a=1, b=2) }}{{ dict(a=1).a }}{{ dict() }}
{{ cycler('a', 'b').next() }}
{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}
{% set j = joiner(', ') %}{{ j() }}a{{ j() }}b
{{ lipsum(1) is string }}
{% set l = [1] %}{% set _ = l.append(2) %}{{ l }}
{% set d = {'a': 1} %}{% set _ = d.update({'b': 2}) %}{{ d }}
{% set l = [1, 2] %}{{ l.pop() }}{{ l }}
{{ [1, 2].index(2) }}
{{ [[1, 2], [3]] | map('length') | list }}
{{ (messages | first).role }}{{ (messages | map(attribute='content') | first) | trim }}
{{ messages | map('dictsort') | first }}
{{ messages[0]['content'][1:3] }}
{{ messages.0.role }}
{{ messages[0]['ro' ~ 'le'] }}
{{ messages[0] | attr('role') }}
{{ messages[0] | attr('missing') is defined }}
{{ messages | string | length > 10 }}
{{ -1 ** 2 }}{{ (-1) ** 2 }}{{ 2 ** 3 ** 2 }}
{{ 1 - 2 - 3 }}{{ 2 * 3 + 4 }}{{ 2 + 3 * 4 }}{{ (2 + 3) * 4 }}{{ 10 - 4 // 3 }}
{{ not 1 == 2 }}{{ not (true and false) }}{{ true or false and false }}
{{ 'a' ~ 'b' * 2 }}{{ 1 + 1 ~ 'x' }}{{ 'x' ~ 1 + 1 }}
{{ 5 if 1 > 2 else 6 if 2 > 3 else 7 }}
{{ [1, 2] is sequence and 'x' }}
{{ 'a' is string and 'b' is string }}
{{ 1 is defined | string }}
{{ 'a' | upper ~ 'b' | upper }}
{{ 1 | float + 1 }}
{{ -'5' | int }}
{{ 'a b' .split() [0] }}
{# comment #}a{#- b -#} c
a {%- if true %} b {%- endif %} c
a {{- ' b ' -}} c
  {% if true %}  x{% endif %}y
{%+ if true %}x{% endif %}
{% raw %}{{ raw }}{% endraw %}
{{ '{{' }}{{ "%}" }}
{% if messages %}a{% elif x %}b{% else %}c{% endif %}
{% if missing %}a{% elif messages[0].role == 'system' %}b{% endif %}
{% if missing is defined and missing.x %}a{% endif %}b
{% set x = messages | selectattr('role', 'eq', 'user') | list %}{{ x[0].content }}
{% set x = namespace(found=false) %}{% for m in messages %}{% if m.role == 'user' %}{% set x.found = true %}{% endif %}{% endfor %}{{ x.found }}
{% generation %}x{% endgeneration %}
{% do [].append(1) %}x
{{ raise_exception('no') }}
{{ strftime_now('%Y') | int > 2000 }}
{{ strftime_now('100%%') }}
{{ bos_token }}{{ eos_token }}{{ pad_token is defined }}
{{ tools is none }}{{ documents }}{{ add_generation_prompt }}
{{ nope() }}
{{ 'a' | nope }}
{{ 'a' is nope }}
{{ 'a'.nope }}
{{ 'a'.nope() }}
{{ 1.foo }}
{{ [1][0.5] }}
{{ 1 / 0 }}
{{ 'a' < 1 }}
{{ {}['a'].b }}
{{ self }}
{% include 'x' %}
{% extends 'x' %}
{% import 'x' as y %}
{% block a %}in{% endblock %}
{% autoescape true %}{{ '<' }}{% endautoescape %}
{% trans %}x{% endtrans %}
{{ _('x') }}
{{ messages.__class__ }}
{{ ''.__class__.__mro__ }}
{{ debug }}
{{ 'x' | xmlattr }}
{{ {'a': 1} | xmlattr }}
{{ 'http://a.b c' | urlize }}
{{ 'abc' | list }}{{ 'abc' | length }}
{{ 3 | length }}
{{ none | length }}
{{ none | upper }}
{{ 1 | upper }}
{{ none | trim }}
{{ [1, none] | join }}
{{ [2, 'a'] | sort }}
{{ namespace(a=1).a }}{{ namespace({'a': 2}).a }}
{{ 'a' if 'x' in messages[0] else 'b' }}{{ 'role' in messages[0] }}
{{ 'Be' in messages[0].content }}
{{ messages[0].content.strip().split(' ')[-1] | upper }}
{{ messages[2].content | trim | e }}
{{ '\n'.join(messages | map(attribute='role')) }}
{{ 'a%sb' % 1 }}
{{ 'a' > none }}
{{ 1.0 | int }}{{ 1e16 }}{{ 123456789.123 }}{{ 1e-5 }}{{ 0.00001234 }}{{ 1e22 }}
{{ 9007199254740993 }}
{{ 9007199254740992 + 1 }}
{{ 3 // 0.5 }}{{ 7.5 % 2 }}{{ 5 % -3 }}
{{ true + 1 }}{{ true | int }}{{ -true }}
{{ 'a' == "a" and 1 != 2 }}
{{ 'ABC'.lower().title() }}
{{ 'x=%5.2f' | format(3.14159) }}
{{ '{:>5}|{:<5}|{:05.1f}'.format('a', 'b', 3.14159) }}
{{ '{0}{1}{0}'.format('a', 'b') }}
{{ 'ab' | batch(1) | list }}
{% for m in messages | reverse %}{{ m.role[0] }}{% endfor %}
{% for m in messages[::-1] %}{{ m.role[0] }}{% endfor %}
{% for m in messages -%} {{ m.role }} {%- endfor %}
{% for x in [1, 2, 3] -%} {{ x }} {%- if not loop.last %}, {% endif %} {%- endfor %}
{% for i in [1, 2] %}{% if loop.first %}{% set x = 1 %}{% endif %}{{ x }}{% endfor %}
{% for i in [1, 2] %}{{ y is defined }}{% set y = i %}{{ y }}{% endfor %}{{ y is defined }}
{% set x = 0 %}{% for i in [1, 2] %}{{ x }}{% set x = i %}{{ x }}{% endfor %}{{ x }}
{% set x = 0 %}{% for i in [1, 2] %}{% if i == 1 %}{% set x = i %}{% endif %}{{ x }}{% endfor %}
{% for i in [1, 2] %}{% for j in [1] %}{% set z = i %}{% endfor %}{{ z is defined }}{% endfor %}
{% for i in [1, 2] %}{% endfor %}{{ i is defined }}{{ loop is defined }}
{% for loop_item in [1] %}{{ loop.index }}{% for x in [] %}{% else %}{{ loop.index }}{% endfor %}{% endfor %}
{% macro f() %}{{ loop is defined }}{% endmacro %}{% for i in [1] %}{{ f() }}{% endfor %}
{% macro f() %}{{ i is defined }}{{ messages | length }}{% endmacro %}{% for i in [1] %}{{ f() }}{% endfor %}
{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}late{% endmacro %}{{ f() }}
{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}
{% macro f(a, b=a) %}{{ b }}{% endmacro %}{{ f(1) }}
{% macro f(a=1) %}{% set a = 2 %}{{ a }}{% endmacro %}{{ f() }}{{ a is defined }}
{% macro f(x) %}{% set y = x %}{% endmacro %}{{ f(1) }}{{ y is defined }}
{% set f = 3 %}{% macro f() %}m{% endmacro %}{{ f() }}
{% set x %}{% for i in [1, 2] %}{{ i }}{% endfor %}{% endset %}[{{ x }}]
{% set x %}{% set inner = 1 %}{% endset %}{{ inner is defined }}
{% with x = 1 %}{% set y = x %}{{ y }}{% endwith %}{{ y is defined }}
{% with x = 1, y = x %}{{ y }}{% endwith %}
{% set x = 1 %}{% with x = 2, y = x %}{{ y }}{% endwith %}
{% if true %}{% for i in [1] %}{% set q = 1 %}{% endfor %}{% endif %}{{ q is defined }}
{% filter trim %} {% set w = 1 %}a {% endfilter %}{{ w is defined }}
{% set x, y = [1, 2] %}{{ x + y }}
{% set x = 1, 2 %}{{ x }}
{{ 1, 2 }}
{{ (messages[0].role == 'user') != (0 % 2 == 0) }}
{{ messages[0].role == 'user' != true }}
{{ 1 == 1 == 1 }}{{ 1 == 1 is true }}{{ (1 == 1) is true }}
{{ not 'a' in 'abc' }}{{ 'a' not in 'abc' and true }}
{{ not none is none }}{{ not (none is none) }}
{{ 1 if true else 2 if true else 3 }}{{ (1 if false) or 'x' }}
{{ 'a' in 'abc' == true }}
{{ 2 * 3 ** 2 }}{{ -2 ** 2 }}{{ - 2 * 3 }}{{ 7 - -1 }}{{ not -1 }}
{{ 'x' * 2 ~ 'y' }}{{ 'a' ~ -1 }}{{ 'a' ~ 1 * 2 }}
{{ 'a' | upper + 'b' }}{{ ('a' + 'b') | upper }}{{ 'a' + 'b' | upper }}
{{ 'a' if 'b' == 'b' and 'c' != 'd' or false else 'e' }}
{{ messages | length > 2 }}{{ messages | length - 1 }}{{ messages | length == 3 and true }}
{{ messages[messages | length - 1].role }}{{ messages[-1:][0].role }}{{ messages[:-1] | length }}
{{ messages[0].get('role') }}{{ messages[0].get('x', 'y') }}{{ messages[0].items() | length }}
{{ {'a': {'b': [1, 2]}}.a.b[1] }}{{ {'a': {'b': 1}}['a']['b'] }}
{{ {'a': 1, **{'b': 2}} }}
{{ [*[1], 2] }}
{{ dict(messages[0], extra=1) | length }}{{ dict({'a': 1}).a }}{{ dict([['a', 1]]).a }}
{{ {'a': none}.get('a', 'b') }}{{ {'a': 0}.get('a') or 'z' }}
{{ {'keys': 1}['keys'] }}{{ {'get': 5}.get }}
{{ 'é한🙂'.upper() }}{{ 'İ'.lower() | length }}{{ 'ΑΣ'.lower() }}{{ 'ǆ'.title() }}
{{ '한a b1c' | title }}{{ '한a b1c'.title() }}{{ 'a-b (c' | title }}{{ "they're" | capitalize }}
{{ '²'.isdigit() }}
{{ '½'.isalnum() }}{{ '한'.isalpha() }}{{ ''.isalpha() }}
{{ '\x1c a \x85'.strip() }}|{{ '\ufeffa'.strip() | length }}|{{ '\u3000a\u00a0' | trim }}|
{{ ' a\tb \u3000c '.split() }}{{ 'a  b'.split(' ') }}{{ ''.split() }}{{ ''.split(',') }}
{{ 'a b  c '.rsplit(none, 1) }}{{ ' a b c'.split(none, 1) }}{{ 'a,b,c'.rsplit(',') }}{{ 'abc'.split('b', maxsplit=0) }}
{{ 'a\x0bb\x0cc\x1cd\x85e\u2028f'.splitlines() }}{{ ''.splitlines() }}{{ 'a\n'.splitlines() }}{{ '\n\n'.splitlines() }}
{{ ['\x00', '\x7f', '\xa0', '\xad', '\u2028', '\ue000', '\U0001F642', '"', "'"] }}
{{ 'tab\tnew\nback\\ \q \101 \a' }}
{{ "unknown \d \w" }}{{ '\N{BULLET}' }}
{{ 0.1 }}{{ 100.0 }}{{ 1e15 }}{{ 1.5e300 }}{{ 123456789012345680.0 }}{{ 1e-4 }}{{ -0.0 }}{{ 5e-324 }}
{{ [0.1, 1e16, 1e-5, 100.0] | tojson }}{{ {'a': 1e400} }}
{{ 1e400 | tojson }}{{ 10 ** 25 }}{{ (10 ** 25) // 3 }}{{ (10 ** 25) % 7 }}{{ 2 ** 0.5 }}{{ 2.0 ** 3 }}
{{ 7 // -2 }}{{ 7 % -2 }}{{ -7.5 // 2 }}{{ -7.5 % 2 }}{{ 1e308 * 10 }}
{{ 0x1f }}{{ 0b101 }}{{ 0o17 }}{{ 1_000.5 }}
{{ 1.5.is_integer() }}
{{ '5' | int + 1 }}{{ ' 5 ' | int }}{{ '5_0' | int }}{{ '-5' | int }}{{ '1e2' | int }}{{ '1e2' | float }}{{ 'nan' | float }}{{ 'inf' | int }}{{ '-Infinity' | float }}
{{ '٣' | int }}
{{ missing | int }}
{{ missing | float }}
{{ true | float }}{{ [] | int }}{{ '' | int(default=7) }}{{ '12' | int(base=8) }}{{ '0b11' | int(0, 2) }}
{{ 0.5 | round }}{{ 1.5 | round }}{{ -0.5 | round }}{{ 2.675 | round(2) }}{{ 1234.567 | round(-2) }}{{ 2 | round(1) }}{{ 2.55 | round(1) }}
{{ 2.5 | round(0, 'ceil') }}{{ 2.25 | round(1, 'floor') }}{{ 0.15 | round(1) }}{{ 0.25 | round(1) }}
{{ 'x' | default('d') | upper }}{{ missing | default('d') | upper }}{{ missing | default }}|{{ false | default('x', true) }}
{{ messages | map(attribute='role') | map('upper') | join('/') }}{{ [1, 2] | map('string') | join }}
{{ messages | map(attribute='content') | map('trim') | map('length') | list }}
{{ ['a', 'b'] | map('replace', 'a', 'x') | list }}{{ [3, 1] | map('default', 5) | list }}
{{ [[1, 2]] | map('first') | list }}{{ [[1, 2]] | map(attribute=1) | list }}{{ [{'a': {'b': 3}}] | map(attribute='a.b') | list }}
{% set g = messages | selectattr('role', 'eq', 'user') %}{{ g | list | length }}{{ g | list | length }}
{% set g = messages | map(attribute='role') %}{{ g | first }}{{ g | list }}
{% if messages | selectattr('role', 'eq', 'nobody') %}true{% else %}false{% endif %}
{{ messages | selectattr('role', 'eq', 'user') | length }}
{{ (messages | selectattr('role', 'eq', 'user'))[0] }}
{{ (messages | map(attribute='role'))[0] is defined }}
{{ 'user' in messages | map(attribute='role') }}{{ 'user' in (messages | map(attribute='role') | list) }}
{{ messages | rejectattr('content') | list }}{{ messages | selectattr('missing', 'undefined') | list | length }}{{ messages | selectattr('missing') | list }}
{{ [1, none, 2] | select('none') | list }}{{ [1, none] | reject('none') | list }}{{ ['a', 1] | select('string') | list }}
{{ [1, 'a'] | unique | list }}{{ ['b', 'a', 'B'] | sort }}{{ ['b', 'a', 'B'] | sort(true) }}{{ [[2, 1], [1, 2]] | sort }}{{ [1.5, 1, true] | sort }}
{{ messages | sort(attribute='role', reverse=true) | map(attribute='role') | join(' ') }}{{ [] | sort }}{{ 'bca' | sort }}
{{ ['a'] | sum(start='') }}
{{ [] | max }}|{{ [] | sum }}{{ [0.1, 0.2] | sum }}
{{ [1, 2] | join(d='-') }}{{ {'a': 1, 'b': 2} | join(',') }}{{ [] | join }}{{ [[1], 'b'] | join('+') }}
{{ 'abc' | reverse | upper }}{{ (1, 2) | reverse | list }}{{ {'a': 1} | length }}{{ range(4) | length }}{{ (1, 2, 3) | last }}
{{ {'b': [2, {'x': 1}], 'a': (1, 2)} | tojson }}{{ 'a\u0001/' | tojson }}{{ none | tojson }}{{ [] | tojson(indent=2) }}{{ {'a': []} | tojson(indent=0) }}
{{ {'a': [1, 2], 'b': {'c': 'd'}} | tojson(indent=2, separators=(', ', ' : '), ensure_ascii=true) }}{{ 'é🙂\x7f' | tojson(ensure_ascii=true) }}
{{ {'a': 1} | tojson(false, 2) }}{{ {'a': 1} | tojson(indent='--') }}{{ messages | map(attribute='role') | list | tojson }}
{{ {true: 1, none: 2} | tojson }}
{{ messages | map(attribute='role') | tojson }}
{{ 'a\n b\n\nc' | indent(2) }}|{{ 'a\nb' | indent('> ') }}|{{ 'a\n' | indent(2) }}|{{ '\na' | indent(first=true) }}|
{{ 'a\r\nb' | indent(1) }}|{{ 'ab' | center(5) }}|{{ 'abc' | center(6) }}|{{ 'abc'.center(6) }}|{{ 'ab'.center(5) }}|
{{ '-5'.zfill(4) }}{{ '%s%%' % 'a' }}{{ '%s %s' % ('a', 1) }}{{ '%r' % 'a' }}{{ '%d' % 3.7 }}{{ '%s' % [1] }}
{{ '%s %s' % 'a' }}
{{ '{}'.format() }}
{{ '{}{{}}'.format('a') }}{{ '{a}'.format(a=none) }}
{{ '<' | e ~ '<' }}{{ '<' | e | length }}
{{ ('<' | e) + '<' }}
{{ ['<' | e] | join }}
{{ '<b>' | safe ~ '<' }}{{ '<' | e | e }}{{ '<' | escape | upper }}
{{ messages[0].content | replace('\n', ' ') | trim }}{{ 'aaa' | replace('a', 'b', 2) }}{{ 'aaa' | replace('a', 'b', count=1) }}
{{ 'a' | attr('upper') is callable }}{{ {'a': 1} | attr('a') is defined }}
{{ namespace(a=1) == namespace(a=1) }}{{ namespace(a=[]).a }}
{% set ns = namespace(a=1) %}{% set ns.b = ns.a + 1 %}{{ ns.b }}{{ ns['b'] }}{{ ns.missing is defined }}
{% set ns = {'a': 1} %}{% set ns.a = 2 %}{{ ns.a }}
{{ caller is defined }}{{ varargs is defined }}{{ kwargs is defined }}{{ loop is defined }}
{{ 'abc'[1:][0] }}{{ 'abc'[:99] }}{{ 'abc'[-99:2] }}{{ 'abc'[2:0:-1] }}{{ 'abcdef'[::2] }}{{ [1, 2, 3][3:] }}{{ (1, 2, 3)[:2] }}{{ 'abc'[none:2] }}
{{ 'abc'['1'] is defined }}{{ [1]['a'] is defined }}{{ [1].a is defined }}{{ {'a': 1}[0] is defined }}{{ 'abc'[true] }}{{ [1, 2][-3] is defined }}
{{ none.a }}
{{ none['a'] is defined }}
{{ 1['a'] is defined }}{{ 1.a is defined }}
{{ missing[0] }}
{{ missing.a.b }}
{{ missing() }}
{{ messages() }}
{{ messages.role }}|{{ messages.append is defined }}
{{ messages.x.y }}
{{ 'a'.b.c }}
{{ ''.join(messages | map(attribute='role') | list) }}{{ '-'.join('abc') }}{{ ', '.join({'a': 1}) }}
{{ ''.join([1]) }}
{{ 'a' + none }}
{{ 'a' ~ missing ~ none ~ [1] ~ {'a': 1} }}
{{ none + 1 }}
{{ [1] + (2,) }}
{{ [] == () }}{{ [1, 2] == (1, 2) }}{{ none == missing }}{{ missing == missing }}{{ 1 == '1' }}{{ true == 1 }}{{ 'a' != 'a' }}{{ none != none }}
{{ [1] < [1, 2] }}{{ (1, 2) < (1, 3) }}{{ 'B' < 'a' }}{{ '\ue000' < '🙂' }}{{ 1 < 1.5 }}{{ true < 2 }}
{{ [1] < 2 }}
{{ 1 in 5 }}
{{ 'a' in none }}
{{ range(0) | list }}{{ range(1, 10, 3) | list }}{{ range(3)[1] }}{{ 2 in range(3) }}{{ range(3) == range(0, 3) }}{{ range(1, 4) }}{{ range(0, 4, 2) }}
{{ range(1, 2, 0) }}
{{ range('a') }}
{{ cycler(1, 2).current }}{{ joiner() is callable }}{% set j = joiner() %}{{ j() }}x{{ j() }}y
{% for k, v in messages[0] | items %}{{ k }}{% endfor %}{% for k, v in {'b': 1, 'a': 2} | dictsort %}{{ k }}{{ v }}{% endfor %}
{% for k, v in messages[0] %}{{ k }}{% endfor %}
{% for x in messages[0].values() %}{{ loop.last }}{% endfor %}{{ messages[0].keys() | join('|') }}{{ messages[0].keys() }}
{% for x in 5 %}{% endfor %}
{% for x in [1, 2, 3] if x > 1 %}{{ loop.index }}{{ x }}{{ loop.length }}{% else %}none{% endfor %}
{% for x in [1, 2] if x > 5 %}{{ x }}{% else %}none{% endfor %}
{% for x in [1, 2, 3] if loop.index > 1 %}{{ x }}{% endfor %}
{% for x in [3, 4] %}{% if loop.first %}{% continue %}{% endif %}{{ loop.previtem }}{{ x }}{% endfor %}
{% for x in [1, 2, 3] %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% else %}e{% endfor %}after
{% break %}
{% if true %}a{% else %}b{% elif false %}c{% endif %}
{% if 1, 2 %}a{% endif %}
{% if not messages %}{% else %}b{% endif %}{% if '' %}{% elif none %}{% elif [] %}{% elif {} %}{% elif 0 %}{% elif 0.0 %}{% else %}falsy{% endif %}
{% set messages = messages[1:] %}{{ messages | length }}{% set true_name = true %}{{ true_name }}
{% set x = 'a' if true else 'b' %}{{ x }}{% set x = x ~ 'c' %}{{ x }}
{% set x = messages | length %}{%- if x %}{{- x -}}{% endif -%} end
{%- macro f() -%} a {%- endmacro -%}{{- f() -}} b
{{- 'a' -}}   {{- 'b' -}}
{{ ' ' }}{%- set x = 1 -%}{{ ' ' }}
{{'a'}}{#- c -#} {{'b'}} {#- d #} c
{{ "}}" }}{{ '%}' }}{{ {'a': {'b': 1}}['a']['b'] }}{{ {'a': {}} }}
{% set a = "{% not a tag %}" %}{{ a }}{{ "{# no comment #}" }}
a { b } c {{ '{' }} d % } {
{% raw %} {{ a }} {% if %} {% endraw %}b{%- raw -%} c {%- endraw -%} d
{{ 'a' }}{# {{ 'b' }} {% if %} #}
{% generation %}{% set gg = 1 %}a{% endgeneration %}{{ gg is defined }}
{%- generation -%} a {%- endgeneration -%} b
{% call missing() %}{% endcall %}
{% macro m(a) %}{{ caller('x') }}{{ a }}{% endmacro %}{% call(y) m(1) %}[{{ y }}{{ a is defined }}]{% endcall %}
{% macro m() %}x{% endmacro %}{% call m() %}{% endcall %}
{% macro m() %}{{ varargs | length }}{{ kwargs.a }}{% endmacro %}{{ m(1, 2, a=3) }}{{ m(*[1, 2, 3]) }}{{ m(**{'a': 4}) }}
{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(b=1) }}{{ m(1, b=2) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(c=2) }}
{{ m is defined }}{% macro m() %}{% endmacro %}{{ m is defined }}{{ m is callable }}
{{ raise_exception is callable }}{{ strftime_now is defined }}{{ raise_exception('a' ~ 1) if false else 'ok' }}
{{ messages is string }}{{ messages is sequence }}{{ messages is iterable }}{{ messages[0] is mapping }}{{ messages[0].content is string }}{{ none is mapping }}{{ range(2) is sequence }}{{ missing is iterable }}{{ missing is string }}
{{ 3 is divisibleby(0) }}
{{ 'a' is odd }}
{{ 2.0 is even }}{{ 1.5 is odd }}{{ true is odd }}
{{ 1 is number and 2 is number }}{{ 1 is not none }}{{ not 1 is none }}{{ 'a' is in 'abc' }}{{ 1 is not in [2] }}
{{ 'ab' is lower }}{{ '1' is lower }}{{ 'A1' is upper }}{{ '' is upper }}{{ 1 is lower }}
{{ 1 is eq(1) and 2 is gt(1) }}{{ 1 is == 1 }}
{{ 5 is greaterthan 3 }}{{ 3 is lessthan(5) }}{{ 'a' is sameas 'a' }}
{{ 1 is foo.bar }}
{% set ns = namespace(first=true, text='') %}{% for m in messages %}{% set ns.text = ns.text ~ (',' if not ns.first else '') ~ m.role %}{% set ns.first = false %}{% endfor %}{{ ns.text }}
{% for m in messages if m.role != 'system' %}{{ loop.index0 }}{{ m['role'][0] | upper }}{% if not loop.last %}|{% endif %}{% endfor %}
{% for m in messages | selectattr('role', 'equalto', 'user') | list %}{{ m.content | trim }}{% endfor %}
{{ messages | map(attribute='content') | map('trim') | join(' // ') }}
{% set system_message, rest = messages[0].content, messages[1:] %}{{ system_message | trim }}:{{ rest | length }}
{% if messages[0]['role'] == 'system' and messages[0]['content'] is string %}{{ messages[0]['content'].strip() }}{% endif %}
{{ '<|im_start|>' + messages[-1]['role'] + '\n' + messages[-1]['content'].lstrip('\n').split('</think>')[-1] }}
{% macro turn(m, bos='<s>') %}{{ bos }}[{{ m.role }}]{{ caller() if caller else '' }}{% endmacro %}{{ turn(messages[0]) }}
{% macro turn(m) %}{{ m.role }}({{ varargs | length }},{{ kwargs | length }}){% endmacro %}{{ turn(messages[0], 1, 2, k=3) }}
{% call(m) turn2() %}{{ m.role }}{% endcall %}
{% macro turn2() %}<{{ caller(messages[1]) }}>{% endmacro %}{% call(m) turn2() %}{{ m.role }}{% endcall %}
{% for role, group in messages | groupby('role') %}{{ role }}={{ group | length }};{% endfor %}
{% for a, b in [(1, 2), (3, 4)] %}{{ a * b }} {% endfor %}
{% for k, v in {'b': 1, 'a': 2} | dictsort %}{{ k }}{{ v }}{% endfor %}{% for k in {'b': 1, 'a': 2} %}{{ k }}{% endfor %}
{{ '밸브가 열렸나요?'[:3] }}|{{ '밸브가' | length }}|{{ '가나다'[::-1] }}
{{ '가나다' | tojson }}|{{ {'키': '값', 'n': none, 't': true} | tojson }}|{{ [1.0, 1e20, 1e-7] | tojson }}
{{ {'b': [1, {'c': "q'\"<&>"}]} | tojson(indent=2) }}
{{ {'b': 1, 'a': 2} | tojson(sort_keys=True) }}|{{ 'é<' | tojson(ensure_ascii=True) }}
{{ raise_exception('Only user and assistant roles are supported!') }}
{% if messages | length % 2 == 1 %}{{ raise_exception('odd') }}{% endif %}
{{ strftime_now('%Y') | length }}|{{ strftime_now('%d %b %Y') | length }}
{{ (messages | last).content.splitlines() | length }}|{{ messages[2].content.replace('five', '5', 1) }}
{{ messages[1].content.startswith(('Who', 'What')) }}|{{ messages[1].content.endswith('?') }}|{{ messages[1].content.find('½') }}
{{ messages[1].content.partition(' ') }}|{{ 'a-b-c'.rsplit('-', 1) }}|{{ 'a  b'.split() }}|{{ 'a,b'.split(',', maxsplit=1) }}
{% set content %}{{ messages[1].content }}{% endset %}{{ content | length }}{{ content is string }}
{% set content | trim | upper %} {{ messages[1].role }} {% endset %}[{{ content }}]
{% filter upper %}{{ messages[1].role }}{% endfilter %}
{% with x = 1, y = 2 %}{{ x + y }}{% with x = 5 %}{{ x }}{% endwith %}{% endwith %}{{ x is defined }}
{{ messages | tojson | length }}|{{ messages[1] | items | list | length }}|{{ messages[1].items() | list | first | first }}
{{ messages[1].get('name', 'none given') }}|{{ messages[1].get('role') }}|{{ 'content' in messages[1] }}|{{ messages[1].keys() | list }}
{% for i in range(3) %}{% for j in range(3) %}{% if j == i %}{% continue %}{% endif %}{% if j > 1 %}{% break %}{% endif %}{{ i }}{{ j }},{% endfor %}{% else %}none{% endfor %}
{% for m in [] %}x{% else %}empty{% endfor %}|{% for m in messages %}{{ loop.previtem.role if loop.previtem is defined else '-' }}>{{ loop.nextitem.role | default('-') }} {% endfor %}
{% for m in messages %}{{ loop.cycle('u', 'a') }}{{ loop.revindex }}{{ loop.changed(m.role) }}{% endfor %}
{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{% endfor %}{{ x }}
{% if messages is iterable and messages is not mapping and messages is not string %}{{ messages | map(attribute='role') | unique | sort | join(',') }}{% endif %}
{{ messages | rejectattr('role', 'in', ['system', 'user']) | map(attribute='role') | list }}|{{ [3, 1, 2] | sort(reverse=true) }}|{{ [1, 2, 3, 4, 5] | batch(2) | list }}
{{ 'a' if false }}|{{ 'x' if messages else 'y' }}|{{ (1 if true else 2) + 1 }}|{{ not true or true }}
{{ 1_000 + 0x10 + 0b11 + 0o7 }}|{{ 1e3 }}|{{ 7 % -3 }}|{{ -7 % 3 }}|{{ 2 ** -1 }}|{{ 10 / 5 }}|{{ 3.0 // 2 }}
{{ [1, 2, 3][1:] + [4] }}|{{ 'ab' * 3 }}|{{ [0] * 2 }}|{{ (1, 2) + (3,) }}|{{ {'a': 1} | length }}
{{ '  spaced\t out ' | trim }}|{{ 'xxhixx'.strip('x') }}|{{ 'Title case'.title() }}|{{ "it's ok".title() }}|{{ 'ß'.upper() }}
{{ 'one two three four' | wordcount }}|{{ 'hello world' | capitalize }}|{{ 'abc' | reverse }}|{{ 'a\nb' | indent(2) }}|{{ 'x' | center(5) }}|
{{ '<a href="x">' | escape }}|{{ '<b>' | e | safe }}
{{ 42 | string | length }}|{{ '42' | int + 1 }}|{{ 'x' | int(7) }}|{{ '3.7' | float }}|{{ 3.5 | round }}|{{ 2.5 | round | int }}|{{ 1234.567 | round(1, 'floor') }}
{{ none | default('d') }}|{{ none | default('d', true) }}|{{ missing | default('d') }}|{{ '' | d('e', boolean=true) }}
{%- if true -%} a {%- elif false -%} b {%- else -%} c {%- endif -%} d
{{ messages[0] == {'role': 'system', 'content': ' Be brief.\n'} }}|{{ [1, 2] in [[1, 2]] }}|{{ 'rev' in 'brevity' }}
{{ messages[1:][0].role }}|{{ messages[::2] | length }}|{{ messages[-2:] | map(attribute='role') | join }}|{{ 'abc'[-1] }}
{% include 'other.jinja' %}
{% extends 'base' %}
{{ messages.append({'role': 'x'}) }}{{ messages | length }}
{% do messages.pop() %}
{{ dict(a=1, b=2) }}|{{ dict([('x', 1)]) }}|{{ lipsum is defined }}|{{ cycler('a', 'b').next() }}|{{ joiner(',')() }}
{{ messages.__class__.__mro__ }}
{{ [1, 2, 3] | sum }}|{{ messages | sum(attribute='x', start=0) }}
{{ [1, 2, 3] | max }}{{ 'bca' | min }}{{ [] | max }}|{{ [1, none, 2] | select | list }}{{ [0, 1] | reject('odd') | list }}
{{ '{{' }}{{ "{%" }}{% raw %}{{ not_this }}{% endraw %}{# comment {{ x }} #}
{{ "a\u00e9\x41\t\\" }}|{{ 'tab\tnew\\n' }}
{{ messages[1].content | replace('½', '1/2') }}|{{ 'a b c' | title }}
{{ [{'n': 2}, {'n': 1}] | sort(attribute='n') | map(attribute='n') | list }}|{{ [{'a': {'b': 1}}] | map(attribute='a.b') | list }}
{{ true | tojson }}|{{ True == 1 }}|{{ true + 1 }}|{{ 'a' < 1 }}
{{ messages | map('attr', 'role') | list }}
{{ [[1, 2], [3]] | map('length') | list }}|{{ ['a', 'b'] | map('upper') | list }}|{{ ['1', '2'] | map('int') | sum }}
{{ 'a=%(a)s' % {'a': 1} }}|{{ '{} and {x}'.format(1, x=2) }}
{{ messages[1].content.count('o') }}|{{ 'aXbX'.index('X') }}|{{ 'abc'.isalpha() }}|{{ '12'.isdigit() }}|{{ 'ab'.zfill(4) }}|{{ 'a'.ljust(3) }}.
{{ 'prefix-x'.removeprefix('prefix-') }}|{{ 'x.txt'.removesuffix('.txt') }}|{{ 'aBc'.swapcase() }}|{{ 'x'.join(['a', 'b']) }}
""".strip("\n").split("\n")  # fmt: skip

# Lines and what trim_blocks and lstrip_blocks make of them.
BLOCKS = [
    "a\n  {% if true %}\n  b\n  {% endif %}\nc\n",
    "a\n  {%- if true %}\n  b\n  {%- endif %}\nc\n\n",
    "a\n  {%+ if true %}\n  b\n  {% endif +%}\nc",
    "  {% if true -%}\n\n  b  {% endif -%}\n\n c",
    "a {% if true %} b {% endif %}\n\n c",
    "{{ 1 }}\n{{ 2 }}\n  {{ 3 }}\n",
    "{{- 1 -}}\n{{ 2 -}}\n  {{- 3 }}\n",
    "a\n  {# comment #}\nb\n  {#- comment -#}\n c\n {#+ comment +#}\n d",
    "{% for i in [1, 2] %}\n  {{ i }}\n{% endfor %}\n",
    "{% for i in [1, 2] -%}\n  {{ i }}\n{%- endfor %}\n",
    "\t{% set x = 1 %}\t{% set y = 2 %}\n\t{{ x }}\r\n{{ y }}\r{{ x }}",
    "{% set x = 'a\nb' %}\n{{ x }}\n",
    "{{ 'a%}\nb' }}{{ '\n  {% c' }}",
    "x{% if true %}\n\n\ny{% endif %}",
    "  {% raw %}\n  {{ a }}\n  {% endraw %}\n b",
    "{% macro m() %}\n  a\n{% endmacro %}\n[{{ m() }}]\n",
    "\u00a0{% if true %}a{% endif %}\u3000\n",
    "{%-\n  if\n true\n-%}\n a {{\n 1\n +\n 2 }}",
    "{% generation %}\n  a\n{% endgeneration %}\nb",
    "\n\n{% if false %}a{% endif %}\n\n",
]


def render(template: str) -> str | None:
    try:
        return render_jinja_template([MESSAGES], None, None, template, **SPECIAL)[0][0]
    except Exception:
        return None


def parts(template: str) -> list[str]:
    """Each expression of a line of expressions alone, so that one that is refused hides no other."""
    cut = re.split(r"(?<=\}\})\|?(?=\{\{)", template)
    return cut if len(cut) > 1 and all(re.fullmatch(r"\{\{ .* \}\}\|?", each) for each in cut) else []


def main() -> None:
    assert len(set(FEATURES)) == len(FEATURES), [f for f in FEATURES if FEATURES.count(f) > 1]
    single = [part for template in FEATURES for part in parts(template)]
    features = [[template, render(template)] for template in dict.fromkeys([*FEATURES, *single, *BLOCKS])]
    # A number of an object's place in memory, or a set's order, is no text to compare with.
    features = [[t, text] for t, text in features if text is None or " at 0x" not in text]
    head = {"made_by": f"tools/make_template_features.py; transformers {transformers.__version__}",
            "special_tokens": SPECIAL, "messages": MESSAGES}  # fmt: skip
    lines = ",\n".join("  " + json.dumps(feature, ensure_ascii=False) for feature in features)
    text = json.dumps(head, ensure_ascii=False)[:-1] + f', "features": [\n{lines}\n]}}\n'
    OUT.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(features)} features, {sum(text is None for _, text in features)} of them refused")


if __name__ == "__main__":
    main()
