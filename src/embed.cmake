# Turns each carried file into one C source with a byte array, and writes the sorted index of them.
#
# Scripts, pages and declarations are held byte for byte. Modules are held compiled where luac5.4 is there and the target
# has the word size and the byte order of the machine that builds, since compiling them took half of the time in which
# a command starts; their line numbers and chunk names are kept, so that messages and traces stay the same. Lua refuses
# a chunk that was compiled for another version or other sizes, and the releases of 5.4 share one form.
# Run as a script (cmake -DIN=FILE -DOUT=FILE -DSYMBOL=NAME -P embed.cmake) it converts one file; with -DLUAC=PROGRAM
# -DCHUNK=PATH it compiles the file first, from the source directory. Included, it declares the rules.

if(CMAKE_SCRIPT_MODE_FILE)
  if(LUAC)
    execute_process(COMMAND ${LUAC} -o ${OUT}.luac ${CHUNK} RESULT_VARIABLE status)
    if(status)
      message(FATAL_ERROR "${CHUNK} does not compile")
    endif()
    file(READ ${OUT}.luac bytes HEX)
    file(REMOVE ${OUT}.luac)
  else()
    file(READ ${IN} bytes HEX)
  endif()
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  file(WRITE ${OUT} "#include <stddef.h>\nextern const unsigned char ${SYMBOL}[];\nextern const size_t ${SYMBOL}_size;\n"
                    "const unsigned char ${SYMBOL}[] = {\n${bytes}0};\nconst size_t ${SYMBOL}_size = ${size};\n")
  return()
endif()

find_program(LUAC54 luac5.4)
set(NXLUA_EMBEDDED_SOURCES)
set(embed_rows)
set(embed_luac)
if(LUAC54 AND CMAKE_SIZEOF_VOID_P EQUAL 8 AND CMAKE_C_BYTE_ORDER STREQUAL "LITTLE_ENDIAN"
   AND CMAKE_HOST_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|aarch64|arm64|ppc64le|riscv64)$")
  set(embed_luac ${LUAC54})
endif()

# name: what it is asked for by; chunk: what Lua shows in messages; luac: what compiles it, if anything
function(embed_file path name chunk luac)
  string(MAKE_C_IDENTIFIER "nx_data_${chunk}" symbol)
  set(out ${CMAKE_BINARY_DIR}/embed/${symbol}.c)
  add_custom_command(OUTPUT ${out} DEPENDS ${path} ${CMAKE_SOURCE_DIR}/src/embed.cmake VERBATIM
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    COMMAND ${CMAKE_COMMAND} -DIN=${path} -DOUT=${out} -DSYMBOL=${symbol} -DLUAC=${luac} -DCHUNK=${chunk}
            -P ${CMAKE_SOURCE_DIR}/src/embed.cmake)
  set(NXLUA_EMBEDDED_SOURCES ${NXLUA_EMBEDDED_SOURCES} ${out} PARENT_SCOPE)
  set(embed_rows ${embed_rows} "${name} ${chunk} ${symbol}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} lua/nx/*.lua)
foreach(file ${files})
  string(REGEX REPLACE "^lua/(.*)\\.lua$" "\\1" name ${file})
  string(REGEX REPLACE "/init$" "" name ${name})
  string(REPLACE "/" "." name ${name})
  embed_file(${CMAKE_SOURCE_DIR}/${file} ${name} ${file} "${embed_luac}")
endforeach()
file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} scripts/*.lua lua/meta/*.lua lua/doc/*.md)
foreach(file ${files})
  string(REGEX REPLACE "^lua/" "" name ${file})
  embed_file(${CMAKE_SOURCE_DIR}/${file} ${name} ${file} "")
endforeach()

list(SORT embed_rows) # the blank sorts before every character of a name, as strcmp does with the end
set(declared)
set(index)
foreach(row ${embed_rows})
  string(REPLACE " " ";" cell ${row})
  list(GET cell 0 name)
  list(GET cell 1 chunk)
  list(GET cell 2 symbol)
  string(APPEND declared "extern const unsigned char ${symbol}[];\nextern const size_t ${symbol}_size;\n")
  string(APPEND index "  { \"${name}\", \"@${chunk}\", ${symbol}, &${symbol}_size },\n")
endforeach()
list(LENGTH embed_rows embed_count)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/embed/index.c CONTENT
"#include \"embedded.h\"\n${declared}const nx_embedded nx_embedded_index[] = {\n${index}};\nconst size_t nx_embedded_count = ${embed_count};\n")
list(APPEND NXLUA_EMBEDDED_SOURCES ${CMAKE_BINARY_DIR}/embed/index.c)
